from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "heart.clock"
    label = "heart_clock"
    verbose_name = "Clock"
