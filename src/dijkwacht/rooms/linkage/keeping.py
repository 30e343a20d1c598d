"""Where registers are kept as they came."""

from django.conf import settings

from dijkwacht.platform.storage import Store


def store() -> Store:
    """Return the folder of registers, by their SHA-256."""
    return Store(settings.HOME / "registers")
