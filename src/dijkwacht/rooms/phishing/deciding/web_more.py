"""The mail itself, blind second looks, and contacts of hosts."""

from uuid import UUID

from csp.decorators import csp_replace
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing.deciding import inert, people, reads, takedowns
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.showing import shown_case
from dijkwacht.rooms.phishing.deciding.web import OPENED, seconds_of
from dijkwacht.rooms.phishing.errors import NoAddressGiven
from dijkwacht.rooms.phishing.judging.showing import defanged

STRICT = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@page("phishing:decide")
@refusals_as_pages
@csp_replace(STRICT)  # type: ignore[arg-type]  # its annotation knows views without arguments only
@require_safe
def mail(request: HttpRequest, phishing_campaign: UUID) -> HttpResponseBase:
    """The mail of a campaign as text: nothing is loaded, nothing can be followed."""
    actor = actor_of(request)
    found = reads.access_campaign(actor, phishing_campaign)
    return render(request, "phishing/mail.html", {"campaign": found, "parts": inert.mail_of(actor, found)})


@page("phishing:decide")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, phishing_decision: UUID) -> HttpResponseBase:
    """A blind second look: the campaign without what anybody said of it."""
    actor = actor_of(request)
    first = reads.access_decision(actor, phishing_decision)
    campaign = first.campaign
    if request.method == "POST":
        seconds, reason = seconds_of(request, campaign), request.POST.get("reason", "")
        verdict = request.POST.get("verdict", "")
        attempt(
            request,
            lambda: people.look_again(actor=actor, decision=first.id, verdict=verdict, reason=reason, seconds=seconds),
            _("Your answer is stored."),
        )
        return HttpResponseRedirect(reverse("phishing:queue"))
    context = {
        "campaign": campaign,
        "blind": True,
        "may_decide": True,
        "opened": OPENED.sign(f"{campaign.id} {actor.id}"),
        **shown_case(campaign, gather(campaign), language()),
    }
    return render(request, "phishing/campaign.html", context)


@page("phishing:decide")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest) -> HttpResponseBase:
    """Contacts of hosts to which no request went yet: a person says that the address is right, or another."""
    actor = actor_of(request)
    if request.method == "POST":
        host, email = request.POST.get("host", ""), request.POST.get("email", "").strip()
        contact = reads.access_contact(actor, host)
        attempt(request, lambda: _released(request, contact.host, email), _("The contact is released."))
        return HttpResponseRedirect(reverse("phishing:contacts"))
    rows = [
        {"contact": one, "waiting": [defanged(each.url) for each in one.takedowns.all()]}
        for one in reads.contacts(actor)
    ]
    return render(request, "phishing/contacts.html", {"rows": rows})


def _released(request: HttpRequest, host: str, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise NoAddressGiven(address=email[:100]) from error
    takedowns.release(actor=actor_of(request), host=host, email=email)
