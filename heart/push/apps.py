from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "heart.push"
    label = "heart_push"
    verbose_name = "Push to phones"
