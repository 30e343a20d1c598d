from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dijkwacht.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Note a passkey that was just set up as proven in its session."""
        from allauth.mfa.signals import authenticator_added

        from dijkwacht.platform.accounts.signals import note_new_factor

        authenticator_added.connect(note_new_factor, dispatch_uid="accounts.note_new_factor")
