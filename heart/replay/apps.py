from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "heart.replay"
    label = "replay"
    verbose_name = "Replays of the rules"
