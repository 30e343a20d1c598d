"""What belongs to an organisation: contacts, assets, mandates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, fields, reads, rules
from dijkwacht.rooms.registry.errors import NotAllowed
from dijkwacht.rooms.registry.forms import AssetForm, ContactForm, MandateForm
from dijkwacht.rooms.registry.web.shared import (
    back_to,
    form_page,
    organisation_page,
    refusals_as_pages,
    submitted,
)


@page("organisations:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form for a new contact."""
    actor = actor_of(request)
    owner = reads.access_organisation(actor, organisation)
    rules.require(rules.may_keep(actor, owner.id))
    form = ContactForm(request.POST or None, initial={"language": owner.language, "order": 0, "minimum_severity": 0})
    if submitted(form, lambda v: actions.add_contact(actor=actor, organisation=owner.id, **v)):
        messages.success(request, _("The contact is stored."))
        return back_to(owner.id)
    return form_page(request, form, _("New contact"), organisation_page(owner.id))


@page("organisations:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def edit_contact(request: HttpRequest, contact: UUID) -> HttpResponseBase:
    """A form to change a contact and its preferences."""
    actor = actor_of(request)
    row = reads.access_contact(actor, contact)
    rules.require(rules.may_keep(actor, row.organisation_id))
    start = {name: getattr(row, name) for name in ContactForm.base_fields}
    for name in ("quiet_from", "quiet_to"):
        start[name] = start[name].strftime("%H:%M") if start[name] else ""
    form = ContactForm(request.POST or None, initial=start | {"optional_kinds": ";".join(row.optional_kinds)})
    if submitted(form, lambda v: actions.update_contact(actor=actor, contact=row.id, **v)):
        messages.success(request, _("The contact is stored."))
        return back_to(row.organisation_id)
    return form_page(request, form, _("Contact"), organisation_page(row.organisation_id), contact=row)


@page("organisations:write")
@refusals_as_pages
@require_POST
def remove_contact(request: HttpRequest, contact: UUID) -> HttpResponseBase:
    """Remove a contact."""
    actor = actor_of(request)
    owner = reads.access_contact(actor, contact).organisation_id
    attempt(request, lambda: actions.remove_contact(actor=actor, contact=contact), _("The contact is removed."))
    return back_to(owner)


@page("organisations:write")
@refusals_as_pages
@never_cache
@require_POST
def renew_secret(request: HttpRequest, contact: UUID) -> HttpResponseBase:
    """Give a webhook a new secret and show it this once."""
    actor = actor_of(request)
    row = reads.access_contact(actor, contact)
    secret = actions.renew_webhook_secret(actor=actor, contact=contact)
    context = {"secret": secret, "back": organisation_page(row.organisation_id)}
    return render(request, "registry/secret.html", context)


@page("assets:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def new_asset(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form to claim an asset."""
    actor = actor_of(request)
    owner = reads.access_organisation(actor, organisation)
    rules.require(rules.may_hold(actor, owner.id))
    form = AssetForm(request.POST or None)
    if submitted(form, lambda _v: actions.claim_asset(actor=actor, organisation=owner.id, **form.cleaned_data)):
        messages.success(request, _("The claim is stored."))
        return back_to(owner.id)
    return form_page(request, form, _("Claim an asset"), organisation_page(owner.id))


@page("assets:write")
@refusals_as_pages
@require_POST
def step_asset(request: HttpRequest, asset: UUID, step: str) -> HttpResponseBase:
    """Verify, dispute, expire or remove an asset; the action checks who may."""
    actor = actor_of(request)
    owner = reads.access_asset(actor, asset).organisation_id
    words = request.POST.get("reason", "")
    steps = {
        "verify": lambda: actions.verify_asset(actor=actor, asset=asset, evidence=words),
        "dispute": lambda: actions.dispute_asset(actor=actor, asset=asset, reason=words),
        "expire": lambda: actions.expire_asset(actor=actor, asset=asset, reason=words),
        "remove": lambda: actions.remove_asset(actor=actor, asset=asset),
    }
    attempt(request, steps[step], _("The change is stored."))
    return back_to(owner)


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def new_mandate(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form to let a relay receive for this organisation."""
    actor = actor_of(request)
    member = reads.access_organisation(actor, organisation)
    if not rules.may_manage(actor):
        raise NotAllowed
    form = MandateForm(request.POST or None, initial={"informations": "victim;target;vulnerability"})

    def change(values: dict[str, object]) -> None:
        relay = reads.relay_called(actor, form.cleaned_data["relay"])
        if relay is None:
            raise fields.invalid("relay", form.cleaned_data["relay"], "deze is er niet", "there is no such relay")
        actions.add_mandate(actor=actor, relay=relay.id, member=member.id, **values)

    if submitted(form, change):
        messages.success(request, _("The mandate is stored."))
        return back_to(member.id)
    return form_page(request, form, _("New mandate"), organisation_page(member.id))


@page("registry:write")
@refusals_as_pages
@require_POST
def step_mandate(request: HttpRequest, mandate: UUID, step: str) -> HttpResponseBase:
    """Suspend, resume or withdraw a mandate."""
    actor = actor_of(request)
    row = reads.access_mandate(actor, mandate)
    steps = {
        "suspend": actions.suspend_mandate,
        "resume": actions.resume_mandate,
        "withdraw": actions.withdraw_mandate,
    }
    reason = request.POST.get("reason", "")
    attempt(request, lambda: steps[step](actor=actor, mandate=mandate, reason=reason), _("The change is stored."))
    return back_to(row.member_id)
