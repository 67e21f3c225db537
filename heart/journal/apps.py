from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "heart.journal"
    label = "journal"
    verbose_name = "Journal"
