from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "heart.desks"
    label = "desks"
    verbose_name = "Positions in the room"
