from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dijkwacht.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Note with a session what was proven in it: a passkey just set up, the numbers that a broker gave."""
        from allauth.account.signals import user_logged_in
        from allauth.mfa.signals import authenticator_added

        from dijkwacht.platform.accounts.signals import note_new_factor, remember_numbers

        user_logged_in.connect(remember_numbers, dispatch_uid="accounts.remember_numbers")

        authenticator_added.connect(note_new_factor, dispatch_uid="accounts.note_new_factor")
