from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "heart.journal"
    label = "journal"
    verbose_name = "Journal"

    def ready(self) -> None:
        # A process that only reads, like the live one, has to know the words of every fact as well.
        autodiscover_modules("facts")
