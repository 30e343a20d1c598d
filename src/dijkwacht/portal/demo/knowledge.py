"""Self-scans and plans of the municipality and the bakery of the demo."""

from typing import Final

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.actors import of_user
from dijkwacht.platform.accounts.models import User
from dijkwacht.portal.demo.accounts import DEMO
from dijkwacht.rooms.knowledge import demo as knowledge
from dijkwacht.rooms.registry import demo as registry

WHO: Final = {"waterkant": "ciso@waterkant.example", "bakkerij": "info@dekorst.example"}


def load() -> int:
    """Fill them in, once. Returns how many were made."""
    with tenancy.acting(DEMO):
        people = {registry.identifier(key): of_user(User.objects.get(email=email)) for key, email in WHO.items()}
    return knowledge.load(actor=DEMO, people=people)
