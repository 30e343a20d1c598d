"""What every page of the portal needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", None), "centre_name": settings.CENTRE_NAME, "demo": settings.DEMO}
