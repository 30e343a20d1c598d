"""What the registration asks, on which page, by which article, and who sees it. The pages are made from this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.enrolment import names
from dijkwacht.rooms.registry import cleaners, fields

Answer = str | list[str]
LONG: Final = 30_000  # characters of a list of small things
LONGEST_LIST: Final = 8 * 1024 * 1024  # characters of a pasted list of assets; a long one is kept apart (`lists`)


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


@dataclass(frozen=True)
class Question:
    """One question, a row of the table. `kind`: line, area, choice, several, holdings; the form offers choices."""

    name: str
    label: Any
    cleaner: Callable[[Any], Any]
    basis: str = ""
    hint: Any = ""
    kind: str = "line"
    required: bool = False
    longest: int = 200
    complete: str = ""  # the purpose of the field for a browser (WCAG 1.3.5)
    seen: Seen = Seen.AUTHORITIES
    group: Any = ""


Q = Question
NUMBER: Final = fields.ORGANISATION  # a cleaner for each kind
BY: Final = "Cbw 44(1)(b)"
ENISA: Final = Seen.ENISA
MAIN: Final = _("Main address")
LINES: Final = _("One a line.")
ROLES: Final = (  # role, its title, whether it must be reached, what it is for
    ("security", _("Security, day and night"), True, _("Who answers at any hour when your systems are attacked.")),
    ("technical", _("Technical"), False, ""),
    ("board", _("Board"), False, ""),
    ("substitute", _("Substitute"), False, _("Stands in when the others cannot be reached.")),
)
PERSON: Final = (  # what is asked of each: the name's second part, label, cleaner, longest, whether it reaches somebody
    ("name", _("Name or desk"), cleaners.text(200), 200, False),
    ("email", _("E-mail address"), _email, 254, True),
    ("phone", _("Telephone"), phone, 40, True),
)
# Everything that is asked, page by page: pages, form, check, summary and receipt are made from this table.
# fmt: off
TABLE: Final[Mapping[str, tuple[Any, tuple[Question, ...]]]] = {
    "organisation": (_("The organisation"), (
        Q("kvk", _("KvK number"), NUMBER["kvk"], "Cbb 27(1)(b)",
          _("8 digits. Leave it empty for a government body or a foreign organisation."), longest=20),
        Q("name", _("Name of the organisation"), names.clean, "Cbw 44(1)(a), 47(3)(a)",
          _("As it stands in the business register."), required=True, complete="organization", seen=ENISA),
        Q("rsin", _("RSIN"), NUMBER["rsin"], "Cbb 27(1)(b)", _("9 digits."), longest=20),
        Q("oin", _("OIN"), NUMBER["oin"], "Cbb 27(2)", _("20 digits, for a government body."), longest=40),
        Q("roo", _("ROO code"), NUMBER["roo"], "Cbb 27(2)",
          _("Of the register of government organisations, such as gm0363."), longest=20),
        Q("lei", _("LEI"), NUMBER["lei"], "", _("20 signs, if you have one."), longest=30),
        Q("foreign_register", _("Business register of another country"), cleaners.text(100), "Cbb 27(2)", longest=100),
        Q("foreign_number", _("Number in that register"), cleaners.text(60), "Cbb 27(2)", longest=60),
    )),
    "entity": (_("What it is under the law"), (
        Q("declaration", _("Your organisation declares itself"), cleaners.declaration, "Cbb 27(1)(a)",
          kind="choice", required=True),
        Q("entity_types", _("Types of entity"), cleaners.entity_types, "Cbw 44(1)(c), Cbb 27(3)(a)",
          _("Tick every type that fits. The sectors follow from it. "
            "Who registers without having to may leave it empty."),
          "several", required=True, seen=ENISA),
    )),
    "contacts": (_("Whom we reach"), tuple(
        Q(f"{role}_{part}", label, cleaner, BY, hint if part == "name" else "",
          required=needed and reaches, longest=longest, group=title)
        for role, title, needed, hint in ROLES for part, label, cleaner, longest, reaches in PERSON
    )),
    "reach": (_("Where it is"), (
        Q("main_street", _("Street and number"), cleaners.text(200), "Cbw 44(1)(b), 47(3)(c)",
          required=True, complete="street-address", seen=ENISA, group=MAIN),
        Q("main_postcode", _("Postcode"), cleaners.text(20), BY,
          longest=20, complete="postal-code", seen=ENISA, group=MAIN),
        Q("main_city", _("Place"), cleaners.text(200), BY,
          required=True, complete="address-level2", seen=ENISA, group=MAIN),
        Q("main_country", _("Country"), cleaners.country, BY, _("Two letters, such as NL."),
          longest=2, complete="country", seen=ENISA, group=MAIN),
        Q("emails", _("E-mail addresses of the organisation"), cleaners.many(cleaners.email), BY, LINES, "area",
          required=True, longest=2000, seen=ENISA),
        Q("phones", _("Telephone numbers of the organisation"), cleaners.many(phone), BY, LINES, "area",
          required=True, longest=2000, seen=ENISA),
        Q("establishments", _("Other establishments in the European Union"), cleaners.text(LONG, lines=True),
          "Cbw 47(3)(c)", _("One a line: name|street|postcode|place|country, such as |Rue 1|1000|Brussel|BE."),
          "area", longest=LONG, seen=ENISA),
        Q("representative", _("Representative, when you are established outside the Union"), cleaners.text(500),
          "Cbw 47(3)(d)", _("name|street|postcode|place|country"), longest=500, seen=ENISA),
    )),
    "holdings": (_("What is yours on the internet"), (
        Q("holdings", _("Addresses, AS numbers and domains"), cleaners.text(LONG, lines=True),
          "Cbw 44(1)(b), Cbb 27(3)(b)",
          _("Paste what you have: address blocks, ranges, AS numbers, domains, links, a CSV file or "
            "objects of the RIPE database. IP ranges are not passed on to ENISA (NIS2 27(4))."),
          "holdings", longest=LONGEST_LIST),
    )),
    "services": (_("Where it serves"), (
        Q("member_states", _("EU Member States served"), cleaners.member_states, "Cbw 44(1)(d), 47(3)(e)",
          kind="several", required=True, seen=ENISA),
        Q("arrangements", _("Arrangements to share information"), cleaners.text(5000, lines=True),
          "Cbw 44(1)(e), NIS2 29(4)", _("One a line: name|joined|left, such as ISAC Water|2025-01-01."),
          "area", longest=5000),
    )),
}
# fmt: on
STEPS: Final = {page: {one.name: one for one in asked} for page, (_title, asked) in TABLE.items()}
TITLES: Final = {page: title for page, (title, _asked) in TABLE.items()} | {"check": _("Check and confirm")}
QUESTIONS: Final = {name: question for step in STEPS.values() for name, question in step.items()}


def step_of(name: str) -> str:
    """Return the page that a question stands on."""
    return next(step for step, asked in STEPS.items() if name in asked)
