"""The registry's forms. Fields are text; the cleaners of the room decide, so that a page, a file and the API agree."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.rooms.registry import fields, vocabulary
from dijkwacht.rooms.registry.cleaners import Cleaner, sector_codes
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.registry.extracts.sectors import place

LABELS: dict[str, Any] = {
    "organisation": _("organisation"),
    "relay": _("relay"),
    "network-owner": _("network owner"),
    "csirt": _("CSIRT of another country"),
    "essential": _("essential entity"),
    "important": _("important entity"),
    "other": _("other"),
    "citizen": _("citizen"),
    "foreign": _("foreign"),
    "nl": _("Dutch"),
    "en": _("English"),
    "security": _("security, day and night"),
    "technical": _("technical"),
    "board": _("board"),
    "abuse": _("abuse desk"),
    "substitute": _("substitute"),
    "none": _("no declaration"),
    "domain-registrar": _("domain name registration service"),
    "main": _("main address"),
    "establishment": _("other establishment in the EU"),
    "representative": _("representative in the EU"),
    "mail": _("e-mail"),
    "webhook": _("webhook"),
    "portal": _("this portal"),
    "api": _("API"),
    "run": _("at once"),
    "daily": _("once a day"),
    "weekly": _("once a week"),
    "working": _("working"),
    "bouncing": _("bouncing"),
    "wrong": _("wrong"),
    "officer": _("an officer's word"),  # how an asset was verified; "mail" and "webhook" stand above
    "import": _("a file brought in"),
    "dns": _("TXT record"),
    "file": _("file on the website"),
    "whois": _("holder in the internet registry"),
    "parent": _("domain above"),
    "prefix": _("address block"),
    "asn": _("AS number"),
    "domain": _("domain"),
    "claimed": _("claimed"),
    "verified": _("verified"),
    "disputed": _("disputed"),
    "expired": _("expired"),
    "active": _("active"),
    "suspended": _("suspended"),
    "withdrawn": _("withdrawn"),
    "victim": _("victim information"),
    "target": _("target information"),
    "vulnerability": _("vulnerabilities"),
    "keep-both": _("both may stand"),
    "authority": _("competent authority"),
    "first": _("only the first"),
    "second": _("only the second"),
    "contact": _("contact"),
    "asset": _("asset"),
    "mandate": _("mandate"),
    "add": _("added"),
    "change": _("changed"),
    "remove": _("removed"),
    "leave": _("went to another organisation"),
    "ceased": _("it ceased to exist"),
    "merged": _("it merged into another"),
    "out-of-scope": _("the law does not apply to it any more"),
    "sold": _("it was sold"),
    "asked": _("asked"),
    "confirmed": _("confirmed"),
    "refused": _("refused"),
    "done": _("done"),
    "under-the-law": _("it is an essential or important entity"),
    "declared": _("it declared itself under the law"),
    "in-the-annexes": _("it has a type of entity of the law"),
    "depended-on": _("others depend on it"),
    "watches": _("it watches over a sector"),
    "assets": _("assets"),
    "mandates": _("mandates"),
    "designations": _("designations"),
    "questions": _("questions about changes"),
    "tokens": _("tokens"),
    "people": _("roles of people"),
}


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def told(problem: Problem) -> str:
    """Return a problem's text for the reader of this request."""
    return problem.text(language())


def line(label: Any, help_text: Any = "", *, longest: int = 500) -> forms.CharField:
    """Return a field of one line."""
    widget = forms.TextInput(attrs={"class": "utrecht-textbox utrecht-textbox--html-input", "maxlength": longest})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def area(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    """Return a field of several lines."""
    widget = forms.Textarea(attrs={"class": "utrecht-textarea utrecht-textarea--html-textarea", "rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def choice(
    label: Any, names: type[StrEnum], *, empty: bool = False, words: Mapping[str, Any] = LABELS
) -> forms.CharField:
    """Return a list to choose from; the cleaner checks the choice."""
    options: list[tuple[str, Any]] = [("", _("all"))] if empty else []
    options += [(name.value, words[name.value]) for name in names]
    widget = forms.Select(attrs={"class": "utrecht-select utrecht-select--html-select"}, choices=options)
    return forms.CharField(label=label, required=False, widget=widget)


def tick(label: Any) -> forms.BooleanField:
    """Return a box to tick."""
    widget = forms.CheckboxInput(attrs={"class": "utrecht-checkbox utrecht-checkbox--html-input"})
    return forms.BooleanField(label=label, required=False, widget=widget)


class CleanedForm(forms.Form):
    """A form whose values go through the room's cleaners. `values` holds what was accepted."""

    cleaners: ClassVar[Mapping[str, Cleaner]] = {}
    values: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Clean every field that has a cleaner, and put each refusal at its field."""
        given = {name: value for name, value in self.cleaned_data.items() if name in self.cleaners}
        self.values, problems = fields.clean(self.cleaners, given)
        for problem in problems:
            self.refuse(problem)
        return self.cleaned_data

    def refuse(self, problem: Problem) -> None:
        """Show a problem at the field that it names, or above the form."""
        place = problem.fields.get("field") if isinstance(problem, InvalidField) else None
        self.add_error(place if place in self.fields else None, told(problem))


class OrganisationForm(CleanedForm):
    """An organisation, as an officer writes it down."""

    cleaners = fields.ORGANISATION
    name = line(_("Name"), longest=200)
    country = line(_("Country"), _("Two letters, such as NL."), longest=2)
    kind = choice(_("Kind"), vocabulary.Kind)
    classification = choice(_("Class under the law"), vocabulary.Classification)
    sectors = line(_("Sectors"), _("Codes of the law, separated by semicolons, such as 1.5;1.10b."))
    language = choice(_("Language"), vocabulary.Language)
    kvk = line(_("KvK number"), longest=20)
    rsin = line(_("RSIN"), longest=20)
    oin = line(_("OIN"), longest=40)
    roo = line(_("ROO code"), longest=20)
    lei = line(_("LEI"), longest=30)
    foreign_register = line(_("Business register of another country"), longest=100)
    foreign_number = line(_("Number in that register"), longest=60)
    declaration = choice(_("Declares itself"), vocabulary.Declaration)
    entity_types = line(_("Types of entity"), _("Codes of the law, separated by semicolons, such as 1.8-dns."))
    member_states = line(_("EU Member States served"), _("Two letters each, separated by semicolons, such as NL;BE."))
    emails = line(_("E-mail addresses of the organisation"), _("Separated by semicolons."), longest=2000)
    phones = line(_("Telephone numbers of the organisation"), _("Separated by semicolons, with country code."))
    addresses = area(
        _("Addresses"),
        _("One a line: kind|name|street|postcode|place|country, such as main||Kade 1|1234 AB|Waterkant|NL."),
    )
    arrangements = area(
        _("Arrangements to share information"), _("One a line: name|joined|left, such as ISAC Water|2025-01-01.")
    )
    identified_by = line(
        _("Identified by the minister"), _("Codes, separated by semicolons, such as sole-provider (Cbw article 9(1)).")
    )
    legal_form = line(_("Legal form"), _("Such as bv or stichting."), longest=80)
    activities = line(_("Activities (SBI)"), _("Codes, separated by semicolons, the main one first."))
    staff = line(_("People at work"), longest=10)


class ContactForm(CleanedForm):
    """A contact and what it prefers."""

    cleaners = {name: cleaner for name, cleaner in fields.CONTACT.items() if name != "webhook_secret"}
    role = choice(_("Role"), vocabulary.ContactRole)
    name = line(_("Name"), longest=200)
    email = line(_("E-mail address"), longest=254)
    phone = line(_("Telephone"), _("With its country code, such as +31 20 1234567."), longest=30)
    order = line(_("Order"), _("0 is tried first."), longest=3)
    language = choice(_("Language"), vocabulary.Language)
    channel = choice(_("Channel"), vocabulary.Channel)
    webhook_url = line(_("Address of the webhook"), _("It starts with https://."))
    minimum_severity = line(_("Lowest severity"), _("0 (info) to 4 (critical)."), longest=1)
    rhythm = choice(_("How often"), vocabulary.Rhythm)
    quiet_from = line(_("Quiet from"), _("Such as 22:00; critical notices still come."), longest=5)
    quiet_to = line(_("Quiet until"), longest=5)
    openpgp_key = area(_("OpenPGP public key"), rows=4)
    smime_certificate = area(_("S/MIME certificate (PEM)"), rows=4)
    optional_kinds = line(_("Kinds it does not want"), _("Separated by semicolons; only optional kinds are held back."))


class AssetForm(CleanedForm):
    """A claim on an asset."""

    kind = choice(_("Kind"), vocabulary.AssetKind)
    value = line(
        _("Address block, AS number or domain"), _("Such as 192.0.2.0/24, AS64496 or example.nl."), longest=260
    )
    evidence = area(_("Evidence"), _("How we can see that it is yours."))
    fallback = tick(_("Held for customers (network owners only)"))


class MandateForm(CleanedForm):
    """What a relay may receive about a member."""

    cleaners = fields.MANDATE
    relay = line(_("Relay"), _("Its identifier, or its exact name."), longest=200)
    informations = line(_("Information"), _("Some of victim;target;vulnerability."), longest=60)
    confidentiality = tick(_("Guarantees confidentiality"))
    mandatory = tick(_("Everything for this member goes through this relay"))
    valid_from = line(_("From"), _("Such as 2026-12-31."), longest=10)
    valid_to = line(_("Until and including"), longest=10)


def sector_choice(label: Any, *, empty: Any) -> forms.CharField:
    """Return a list of the sectors of the law."""
    options = [("", empty), *((code, code) for code in sorted(sector_codes(), key=place))]
    widget = forms.Select(attrs={"class": "utrecht-select utrecht-select--html-select"}, choices=options)
    return forms.CharField(label=label, required=False, widget=widget)


class DesignationForm(CleanedForm):
    """Who watches over a sector."""

    cleaners = fields.DESIGNATION
    reader = line(
        _("Competent authority or CSIRT"), _("Its identifier, or its exact name in the register."), longest=200
    )
    sector = sector_choice(_("Sector"), empty=_("choose"))
    role = choice(_("As"), vocabulary.ReaderRole, words=LABELS | {"csirt": "CSIRT"})  # of its sector, not of a country
    ground = line(_("Ground"), _("The article or decision that designates it, such as Cbb 2."), longest=200)
    valid_from = line(_("From"), _("Such as 2026-12-31."), longest=10)


class FilterForm(forms.Form):
    """What to look for among the organisations."""

    words = line(_("Name, number or asset"), longest=200)
    kind = choice(_("Kind"), vocabulary.Kind, empty=True)
    classification = choice(_("Class under the law"), vocabulary.Classification, empty=True)
    sector = sector_choice(_("Sector"), empty=_("all"))


class AsOfForm(forms.Form):
    """A day of the register."""

    as_of = line(_("As of"), _("A day, such as 2026-12-31: the register as it stood at its end."), longest=40)


class HistoryForm(AsOfForm):
    """What to see of an organisation's history."""

    record = choice(_("What"), vocabulary.Record, empty=True)
    field = line(_("Field"), _("The name of one field, such as email."), longest=40)
    field_order = ("record", "field", "as_of")


class ImportForm(forms.Form):
    """A file for the registry."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8) or JSON, in the format of the export."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json"}),
    )
    evidence = area(_("Evidence"), _("Counts for rows that say verified without evidence of their own."), rows=2)
    try_only = tick(_("Only report what would happen"))
