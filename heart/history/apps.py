from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "heart.history"
    label = "history"
    verbose_name = "Imported history"
