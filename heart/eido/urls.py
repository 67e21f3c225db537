from django.urls import path

from heart.eido.views import EidoView

urlpatterns = [
    path("eido/", EidoView.as_view(), name="api-eido"),
]
