"""The data of the map; its page and its place on the board are the board's."""

from django.urls import path

from heart.pages.views import map as views

urlpatterns = [
    path("board/map/ground/", views.ground, name="map-ground"),
    path("board/map/points/", views.points, name="map-points"),
    path("board/map/units/", views.units, name="map-units"),
]
