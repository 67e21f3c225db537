from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "heart.pages"
    label = "heart_pages"
    verbose_name = "Pages"
