"""What every page of the portal needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts import organisations
from dijkwacht.portal.menu import account_links, navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    known = actor is not None and actor.kind is not Kind.ANONYMOUS
    return {
        "actor": actor,
        "centre_name": settings.CENTRE_NAME,
        "demo": settings.DEMO,
        "mine_address": reverse("registry:mine"),
        "account_links": account_links(actor) if known and actor else [],
        "navigation": navigation(actor, request.path) if known and actor else [],
        "working_for": working_for(request, actor) if known and actor else "",
    }


def working_for(request: HttpRequest, actor: Actor) -> str:
    """For whom somebody who acts for many works now; empty for everybody else."""
    whole: Actor = getattr(request, "whole_actor", actor)
    if len(whole.acts_for) < 2:  # noqa: PLR2004
        return ""
    if actor.chosen is None:
        return gettext("all %(count)s organisations") % {"count": len(whole.acts_for)}
    return organisations.name(actor.chosen)
