"""What goes wrong when people keep a register: each function dirties one field, and says so by a tag."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from dijkwacht.rooms.linkage.generator.entities import Address, Entity
from dijkwacht.rooms.linkage.generator.words import capital, pick

FORMS: Final = {
    "sole": ("", "", "", "eenmanszaak", "(eenmanszaak)"),
    "vof": ("V.O.F.", "VOF", "vof", "v.o.f.", "Vennootschap onder firma", "V.o.f."),
    "bv": ("B.V.", "B.V.", "B.V.", "BV", "bv", "b.v.", "B.v.", "Besloten Vennootschap", "B V", "BV."),
    "nv": ("N.V.", "NV", "n.v.", "Naamloze Vennootschap"),
    "stichting": ("Stichting", "Stichting", "stichting", "Stg.", "St."),
    "vereniging": ("Vereniging", "Ver.", "vereniging"),
    "cooperatie": ("Coöperatie", "Coöperatie U.A.", "Coop.", "Cooperatie", "Coöp. U.A."),
    "gemeente": ("Gemeente", "gemeente", "Gem.", "Gemeente"),
}
BEFORE: Final = {"stichting", "vereniging", "cooperatie", "gemeente"}  # the form stands before the name
SHORT: Final = (
    ("Nederland", "Ned."),
    ("International", "Int."),
    ("bedrijf", "bedr."),
    ("kantoor", "ktr."),
    ("Administratie", "Adm."),
    ("Installatie", "Inst."),
    ("Installaties", "Inst."),
    ("Accountants", "Acc."),
    ("Automatisering", "Autom."),
    ("Handelsonderneming", "Handelsond."),
    ("Consultancy", "Cons."),
    ("Engineering", "Eng."),
    ("Techniek", "Techn."),
    ("Maatschappelijk", "Maatsch."),
    ("van der ", "v.d. "),
    ("van den ", "v.d. "),
    ("van de ", "v.d. "),
    ("van ", "v. "),
    (" en ", " & "),
)
NEIGHBOURS: Final = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "n": "bm",
    "s": "ad",
    "t": "ry",
    "r": "et",
    "l": "k",
    "d": "sf",
}


@dataclass(frozen=True, slots=True)
class Habits:
    """How often each kind of dirt falls in a register, as shares from 0 to 1."""

    no_kvk: float = 0.05
    kvk_typo: float = 0.008
    zeros_lost: float = 0.0
    kvk_of_parent: float = 0.02
    kvk_before: float = 0.5
    branch: float = 0.3
    trade_name: float = 0.1
    form_dropped: float = 0.1
    upper: float = 0.0
    plain: float = 0.1
    abbreviated: float = 0.05
    transposed: float = 0.01
    name_typo: float = 0.02
    qualifier_dropped: float = 0.003
    moved: float = 0.04
    postal: float = 0.3
    address_typo: float = 0.02
    no_address: float = 0.02
    no_phone: float = 0.2
    other_phone: float = 0.1
    no_mail: float = 0.15
    other_mail: float = 0.15
    no_site: float = 0.15
    other_site: float = 0.01


class Dirt:
    """One record of one entity, as somebody with these habits wrote it down."""

    def __init__(self, entity: Entity, habits: Habits, random: Random) -> None:
        self.entity, self.habits, self.random = entity, habits, random
        self.tags: set[str] = set() if entity.look == "single" else {entity.look}
        self.branch: Address | None = None
        if entity.branches and self.falls("branch"):
            self.branch = random.choice(entity.branches)

    def falls(self, kind: str) -> bool:
        """Tell whether this kind of dirt falls here, and note it."""
        if self.random.random() >= getattr(self.habits, kind):
            return False
        self.tags.add(kind)
        return True

    def name(self) -> str:
        """Write the name, statutory or trade, without the legal form."""
        one = self.entity
        trading = bool(one.trade_name) and self.falls("trade_name")
        name = one.trade_name if trading else self._shortened(one.name)
        if self.branch is not None and self.random.random() < 0.6:
            name += self.random.choice([" {}", " vestiging {}", ", locatie {}", " ({})"]).format(self.branch.city)
        for kind, change in CHANGES:
            if self.falls(kind):
                name = change(name, self.random)
        return name

    def _shortened(self, name: str) -> str:
        if self.entity.look == "group" and " " in name and self.falls("qualifier_dropped"):
            return name.rpartition(" ")[0]
        return name

    def with_form(self, name: str) -> str:
        """Put the legal form beside a name, in one of its spellings."""
        if self.falls("form_dropped"):
            return name
        form = self.random.choice(FORMS[self.entity.kind])
        return (f"{form} {name}" if self.entity.kind in BEFORE else f"{name} {form}").strip()

    def kvk(self) -> str:
        """Write the KvK number, or what stands in its place."""
        one, number = self.entity, self.entity.kvk
        if self.falls("no_kvk"):
            return ""
        if one.kvk_before and self.falls("kvk_before"):
            number = one.kvk_before
        elif one.parent_kvk and self.falls("kvk_of_parent"):
            number = one.parent_kvk
        if self.falls("kvk_typo"):
            number = misdialled(number, self.random)
        if number.startswith("0") and self.falls("zeros_lost"):
            return number.lstrip("0")
        return number

    def address(self) -> Address | None:
        """Choose the address: of the branch, the old one, a postal one, or the right one; sometimes mistyped."""
        one, found = self.entity, self.entity.address
        if self.falls("no_address"):
            return None
        if self.branch is not None:
            found = self.branch
        elif self.falls("moved"):
            found = one.address_before
        elif one.postal is not None and self.falls("postal"):
            found = one.postal
        if self.falls("address_typo"):
            street, code = mistyped(found.street, self.random), misdialled(found.postcode[:4], self.random)
            return Address(street, found.number, code + found.postcode[4:], found.city)
        return found

    def phone(self) -> str:
        """Write a telephone number in one of the ways people do."""
        if self.falls("no_phone"):
            return ""
        number = self.entity.mobile if self.falls("other_phone") else self.entity.phone
        head, rest = number[:2], number[2:]
        shapes = ("0{0}{1}", "0{0}-{1}", "+31{0}{1}", "+31 (0){0} {1}", "0031{0}{1}", "0{0} {1}", "(0{0}) {1}")
        return self.random.choice(shapes).format(head, rest)

    def mail(self) -> str:
        """Write the address for mail."""
        if self.falls("no_mail"):
            return ""
        if self.falls("other_mail"):
            return self._other_mail()
        return self.entity.mail.upper() if self.random.random() < 0.02 else self.entity.mail

    def _other_mail(self) -> str:
        """Another box at the own domain, or a person's own at a provider."""
        if self.entity.domain and self.random.random() < 0.7:
            return f"{self.random.choice(['directie', 'security', 'inkoop', 'support'])}@{self.entity.domain}"
        return (
            f"{pick(self.random, 'heads').lower()}{self.random.randrange(10_000)}@{pick(self.random, 'mail_providers')}"
        )

    def site(self) -> str:
        """Write the website, more or less as an address."""
        domain = self.entity.domain
        if not domain or self.falls("no_site"):
            return ""
        if self.falls("other_site"):
            domain = domain.replace(".example", "-online.example")
        shapes = ("{}", "www.{}", "http://www.{}/", "https://{}", "https://www.{}/nl/contact", "WWW.{}", "http://{}")
        return self.random.choice(shapes).format(domain)


def misdialled(digits: str, random: Random) -> str:
    """Exchange two digits that stand beside each other, or hit the wrong one."""
    at = random.randrange(len(digits) - 1)
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if swapped != digits and random.random() < 0.4:
        return swapped
    wrong = random.choice([other for other in "0123456789" if other != digits[at]])
    return digits[:at] + wrong + digits[at + 1 :]


def mistyped(text: str, random: Random) -> str:
    """Leave out, double, exchange or mishit one letter."""
    places = [at for at, letter in enumerate(text[:-1]) if at and letter.isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at, luck = random.choice(places), random.random()
    if luck < 0.3:
        return text[:at] + text[at + 1 :]
    if luck < 0.5:
        return text[:at] + text[at] + text[at:]
    if luck < 0.75:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + random.choice(NEIGHBOURS.get(text[at], "e")) + text[at + 1 :]


def plain(text: str, _random: Random) -> str:
    """Drop the diacritics, as an old system does."""
    return unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode()


def abbreviated(text: str, random: Random) -> str:
    """Write one word short."""
    fitting = [pair for pair in SHORT if pair[0] in text]
    return text.replace(*random.choice(fitting), 1) if fitting else text


def transposed(text: str, random: Random) -> str:
    """Put the last word first, sometimes with a comma as in a card index."""
    first, _, last = text.rpartition(" ")
    return text if not first else f"{last}{random.choice([', ', ' '])}{capital(first)}"


def upper(text: str, _random: Random) -> str:
    """Shout."""
    return text.upper()


CHANGES: Final[tuple[tuple[str, Callable[[str, Random], str]], ...]] = (
    ("abbreviated", abbreviated),
    ("transposed", transposed),
    ("name_typo", mistyped),
    ("plain", plain),
    ("upper", upper),
)
