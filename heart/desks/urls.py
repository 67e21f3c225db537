from django.urls import path

from heart.desks import views

urlpatterns = [
    path("positions/", views.positions, name="positions"),
    path("positions/layout/", views.keep_layout, name="position-layout"),
]
