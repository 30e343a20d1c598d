"""Who publishes, and where: from the settings."""

from django.conf import settings

from dijkwacht.rooms.advisories.writing.content import Publisher


def publisher() -> Publisher:
    """Give the issuing party of this installation."""
    return Publisher(settings.CENTRE_NAME, settings.CSAF_NAMESPACE, settings.SECURITY_CONTACT, settings.CSAF_AUTHORITY)


def base() -> str:
    """Give the URL of the folder /.well-known/csaf."""
    return str(settings.CSAF_URL)


def page(number: str) -> str:
    """Give the URL of an advisory for people."""
    return f"{settings.BASE_URL}/advisories/{number}"
