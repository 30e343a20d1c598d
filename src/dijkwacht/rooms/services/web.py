"""The page of one product: what it is, why it fits or not, the text, and yes or no."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.registry.errors import NotFound as NotInRegistry
from dijkwacht.rooms.services import actions, reads, rules
from dijkwacht.rooms.services.errors import NotAllowed, NotFound


@require_http_methods(["GET", "HEAD", "POST"])
@page("services:read")
def product(request: HttpRequest, organisation: UUID, product: str) -> HttpResponseBase:
    """Show a product; POST says yes (`answer=yes` and the version of the text that was read) or withdraws."""
    actor = actor_of(request)
    try:
        row = reads.access_organisation(actor, organisation)
        wanted = reads.product(product)
        if request.method == "POST":
            return _answer(request, actor, organisation, product)
    except (NotFound, NotInRegistry) as problem:
        raise Http404 from problem
    except NotAllowed as problem:
        raise PermissionDenied from problem
    offer = next(one for one in reads.offers_for(actor, row) if one.product.slug == wanted.slug)
    context = {
        "organisation": row,
        "offer": offer,
        "may_decide": rules.may_decide(actor, row.id),
        "past": reads.subscriptions_for(actor).filter(organisation=row, product=product).order_by("-given_at"),
    }
    return render(request, "services/product.html", context)


def _answer(request: HttpRequest, actor: Actor, organisation: UUID, product: str) -> HttpResponseBase:
    """Take the yes or the withdrawal, and show the page again. Raises NotAllowed, NotFound."""
    after = redirect("services:product", organisation=organisation, product=product)
    language = "en" if get_language() == "en" else "nl"
    read = request.POST.get("version", "")
    version = int(read) if read.isascii() and read.isdigit() and len(read) < 10 else 0  # noqa: PLR2004 - of an integer
    try:
        if request.POST.get("answer") == "withdraw":
            actions.withdraw(actor=actor, organisation=organisation, product=product)
            messages.success(request, _("Withdrawn. It stays on record that you had said yes."))
        else:
            actions.subscribe(
                actor=actor, organisation=organisation, product=product, version=version, language=language
            )
            messages.success(request, _("Recorded. You can withdraw it here at any moment."))
    except (NotAllowed, NotFound):
        raise
    except Problem as problem:
        messages.error(request, problem.text(language))  # type: ignore[arg-type]
    return after
