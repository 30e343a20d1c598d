from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dijkwacht.platform.accounts"
    label = "accounts"
