from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "heart.accounts"
    label = "accounts"
    verbose_name = "People"
