from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "heart.paper"
    label = "paper"
    verbose_name = "Paper"
