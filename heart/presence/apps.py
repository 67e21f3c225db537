from django.apps import AppConfig


class PresenceConfig(AppConfig):
    name = "heart.presence"
    label = "heart_presence"
    verbose_name = "Presence"
