"""What the registration asks, on which page, by which article, and who sees it. The pages are made from this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.enrolment import names
from dijkwacht.rooms.registry import cleaners, fields

Answer = str | list[str]
LONG: Final = 30_000  # characters of a pasted list


class Seen(StrEnum):
    """Who sees an answer, beside the organisation itself."""

    AUTHORITIES = "authorities"  # the centre, the CSIRT and the competent authority of the sector
    ENISA = "enisa"  # these, and for the types of article 47 the register of ENISA
    CENTRE = "centre"


SEEN_BY: Final = {
    Seen.AUTHORITIES: _("Seen by: the centre, and the CSIRT and competent authority of your sector (Cbw 46)."),
    Seen.ENISA: _("Seen by: the centre, the CSIRT and authority of your sector, and ENISA for types of Cbw 47."),
    Seen.CENTRE: _("Seen by: the centre only."),
}


def _email(value: Any) -> str:
    return str(cleaners.email(value))


def phone(value: Any) -> str:
    """Return a telephone number in E.164; one without country code is read as Dutch. Raises Refused."""
    text = str(value or "").strip()
    if not text:
        return ""
    import phonenumbers

    try:
        number = phonenumbers.parse(text[:40], "NL")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise cleaners.Refused("dit is geen telefoonnummer", "this is not a telephone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `kind`: line, area, choice, several, holdings. `values`: what may be chosen, filled by the form."""

    label: Any
    cleaner: Callable[[Any], Any]
    basis: str = ""
    seen: Seen = Seen.AUTHORITIES
    hint: Any = ""
    kind: str = "line"
    required: bool = False
    longest: int = 200
    complete: str = ""  # the purpose of the field for a browser (WCAG 1.3.5)
    group: Any = ""


def _person(role: str, title: Any, *, required: bool = False, hint: Any = "") -> dict[str, Question]:
    common: dict[str, Any] = {"basis": "Cbw 44(1)(b)", "group": title}
    return {
        f"{role}_name": Question(label=_("Name or desk"), cleaner=cleaners.text(200), hint=hint, **common),
        f"{role}_email": Question(label=_("E-mail address"), cleaner=_email, required=required, longest=254, **common),
        f"{role}_phone": Question(label=_("Telephone"), cleaner=phone, required=required, longest=40, **common),
    }


ORGANISATION: Final[Mapping[str, Question]] = {
    "kvk": Question(
        label=_("KvK number"),
        cleaner=fields.ORGANISATION["kvk"],
        basis="Cbb 27(1)(b)",
        longest=20,
        hint=_("8 digits. Leave it empty for a government body or a foreign organisation."),
    ),
    "name": Question(
        label=_("Name of the organisation"),
        cleaner=names.clean,
        basis="Cbw 44(1)(a), 47(3)(a)",
        seen=Seen.ENISA,
        required=True,
        complete="organization",
        hint=_("As it stands in the business register."),
    ),
    "rsin": Question(
        label=_("RSIN"), cleaner=fields.ORGANISATION["rsin"], basis="Cbb 27(1)(b)", longest=20, hint=_("9 digits.")
    ),
    "oin": Question(
        label=_("OIN"),
        cleaner=fields.ORGANISATION["oin"],
        basis="Cbb 27(2)",
        longest=40,
        hint=_("20 digits, for a government body."),
    ),
    "roo": Question(
        label=_("ROO code"),
        cleaner=fields.ORGANISATION["roo"],
        basis="Cbb 27(2)",
        longest=20,
        hint=_("Of the register of government organisations, such as gm0363."),
    ),
    "lei": Question(
        label=_("LEI"), cleaner=fields.ORGANISATION["lei"], longest=30, hint=_("20 signs, if you have one.")
    ),
    "foreign_register": Question(
        label=_("Business register of another country"), cleaner=cleaners.text(100), basis="Cbb 27(2)", longest=100
    ),
    "foreign_number": Question(
        label=_("Number in that register"), cleaner=cleaners.text(60), basis="Cbb 27(2)", longest=60
    ),
}
ENTITY: Final[Mapping[str, Question]] = {
    "declaration": Question(
        label=_("Your organisation declares itself"),
        cleaner=cleaners.declaration,
        basis="Cbb 27(1)(a)",
        kind="choice",
        required=True,
    ),
    "entity_types": Question(
        label=_("Types of entity"),
        cleaner=cleaners.entity_types,
        basis="Cbw 44(1)(c), Cbb 27(3)(a)",
        seen=Seen.ENISA,
        kind="several",
        required=True,
        hint=_("Tick every type that fits. The sectors follow from it."),
    ),
}
CONTACTS: Final[Mapping[str, Question]] = {
    **_person(
        "security",
        _("Security, day and night"),
        required=True,
        hint=_("Who answers at any hour when your systems are attacked."),
    ),
    **_person("technical", _("Technical")),
    **_person("board", _("Board")),
    **_person("substitute", _("Substitute"), hint=_("Stands in when the others cannot be reached.")),
}
REACH: Final[Mapping[str, Question]] = {
    "main_street": Question(
        label=_("Street and number"),
        cleaner=cleaners.text(200),
        basis="Cbw 44(1)(b), 47(3)(c)",
        seen=Seen.ENISA,
        required=True,
        complete="street-address",
        group=_("Main address"),
    ),
    "main_postcode": Question(
        label=_("Postcode"),
        cleaner=cleaners.text(20),
        basis="Cbw 44(1)(b)",
        seen=Seen.ENISA,
        longest=20,
        complete="postal-code",
        group=_("Main address"),
    ),
    "main_city": Question(
        label=_("Place"),
        cleaner=cleaners.text(200),
        basis="Cbw 44(1)(b)",
        seen=Seen.ENISA,
        required=True,
        complete="address-level2",
        group=_("Main address"),
    ),
    "main_country": Question(
        label=_("Country"),
        cleaner=cleaners.country,
        basis="Cbw 44(1)(b)",
        seen=Seen.ENISA,
        longest=2,
        hint=_("Two letters, such as NL."),
        complete="country",
        group=_("Main address"),
    ),
    "emails": Question(
        label=_("E-mail addresses of the organisation"),
        cleaner=cleaners.many(cleaners.email),
        basis="Cbw 44(1)(b)",
        seen=Seen.ENISA,
        kind="area",
        required=True,
        longest=2000,
        hint=_("One a line."),
    ),
    "phones": Question(
        label=_("Telephone numbers of the organisation"),
        cleaner=cleaners.many(phone),
        basis="Cbw 44(1)(b)",
        seen=Seen.ENISA,
        kind="area",
        required=True,
        longest=2000,
        hint=_("One a line."),
    ),
    "establishments": Question(
        label=_("Other establishments in the European Union"),
        cleaner=cleaners.text(LONG, lines=True),
        basis="Cbw 47(3)(c)",
        seen=Seen.ENISA,
        kind="area",
        longest=LONG,
        hint=_("One a line: name|street|postcode|place|country, such as |Rue 1|1000|Brussel|BE."),
    ),
    "representative": Question(
        label=_("Representative, when you are established outside the Union"),
        cleaner=cleaners.text(500),
        basis="Cbw 47(3)(d)",
        seen=Seen.ENISA,
        longest=500,
        hint=_("name|street|postcode|place|country"),
    ),
}
HOLDINGS: Final[Mapping[str, Question]] = {
    "holdings": Question(
        label=_("Addresses, AS numbers and domains"),
        cleaner=cleaners.text(LONG, lines=True),
        basis="Cbw 44(1)(b), Cbb 27(3)(b)",
        kind="holdings",
        longest=LONG,
        hint=_(
            "Paste what you have: address blocks, ranges, AS numbers, domains, links, a CSV file or "
            "objects of the RIPE database. IP ranges are not passed on to ENISA (NIS2 27(4))."
        ),
    ),
}
SERVICES: Final[Mapping[str, Question]] = {
    "member_states": Question(
        label=_("EU Member States served"),
        cleaner=cleaners.member_states,
        basis="Cbw 44(1)(d), 47(3)(e)",
        seen=Seen.ENISA,
        kind="several",
        required=True,
    ),
    "arrangements": Question(
        label=_("Arrangements to share information"),
        cleaner=cleaners.text(5000, lines=True),
        basis="Cbw 44(1)(e), NIS2 29(4)",
        kind="area",
        longest=5000,
        hint=_("One a line: name|joined|left, such as ISAC Water|2025-01-01."),
    ),
}
STEPS: Final[Mapping[str, Mapping[str, Question]]] = {
    "organisation": ORGANISATION,
    "entity": ENTITY,
    "contacts": CONTACTS,
    "reach": REACH,
    "holdings": HOLDINGS,
    "services": SERVICES,
}
TITLES: Final = {
    "organisation": _("The organisation"),
    "entity": _("What it is under the law"),
    "contacts": _("Whom we reach"),
    "reach": _("Where it is"),
    "holdings": _("What is yours on the internet"),
    "services": _("Where it serves"),
    "check": _("Check and confirm"),
}
QUESTIONS: Final = {name: question for step in STEPS.values() for name, question in step.items()}


def step_of(name: str) -> str:
    """Return the page that a question stands on."""
    return next(step for step, asked in STEPS.items() if name in asked)
