from django.apps import AppConfig


class MapsConfig(AppConfig):
    name = "heart.maps"
    label = "maps"
    verbose_name = "Map"
