"""The truth: invented legal persons, alone, in groups, and under the name of a chain.

An entity is a legal person (or a sole trader). Its branches are the same entity; the other companies of its group and
the other shops of its chain are not, however alike they look.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from random import Random

from dijkwacht.rooms.linkage.generator.words import capital, coined, pick, place


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    number: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One legal person. `kvk_before`: its number before it was merged or changed form. `parent_kvk`: of its group."""

    key: str
    kind: str  # sole, vof, bv, nv, stichting, vereniging, cooperatie, gemeente
    name: str  # without legal form
    trade_name: str
    kvk: str
    kvk_before: str
    parent_kvk: str
    rsin: str
    address: Address
    address_before: Address
    postal: Address | None
    branches: tuple[Address, ...]
    domain: str
    mail: str
    phone: str
    mobile: str
    look: str = "single"  # or group, chain, for the report
    tags: frozenset[str] = field(default_factory=frozenset)


def slug(text: str) -> str:
    """Give a text as a host name would have it."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class World:
    """Makes entities one after the other; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.towns = [(place(self.random), 1000 + 10 * n + self.random.randrange(10)) for n in range(800)]
        self.numbers: set[str] = set()
        self.made = 0
        self.hosts: set[str] = set()
        self.offices = [
            self.address() for _ in range(200)
        ]  # business centres, trust offices: many firms at one address
        self.chains: dict[str, tuple[str, str]] = {}

    def entities(self, count: int) -> list[Entity]:
        """Make at least `count` entities: a group is never cut in two."""
        made: list[Entity] = []
        while len(made) < count:
            luck = self.random.random()
            if luck < 0.045:
                made += self.group()
            elif luck < 0.08:
                made.append(self.shop())
            else:
                made.append(self.single())
        return made

    def number(self) -> str:
        """Make a KvK number that nobody here has: eight digits without a check."""
        while (number := f"{self.random.randrange(1_000_000, 98_999_999):08}") in self.numbers:
            pass
        self.numbers.add(number)
        return number

    def next_number(self, number: str) -> str:
        """Make the number after this one, as companies founded on the same day have."""
        following = f"{int(number) + 1:08}"
        if following in self.numbers:
            return self.number()
        self.numbers.add(following)
        return following

    def rsin(self) -> str:
        """Make nine digits that pass the check by eleven."""
        while True:
            digits = [8, *(self.random.randrange(10) for _ in range(7))]
            last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
            if last < 10:
                return "".join(map(str, [*digits, last]))

    def address(self) -> Address:
        """Make an address in one of the towns."""
        town, code = self.random.choice(self.towns)
        letters = "".join(self.random.choice("ABCDEGHJKLMNPRSTVWXZ") for _ in range(2))
        suffix = self.random.choice(["", "", "", "", "", "A", "B", "-2", " bis"])
        return Address(
            pick(self.random, "streets"), f"{self.random.randrange(1, 250)}{suffix}", f"{code}{letters}", town
        )

    def phone(self) -> tuple[str, str]:
        """Make a number of an office and a mobile one; no Dutch number has a 0 there, so none of them rings."""
        area = self.random.choice(["10", "20", "30", "40", "50", "70", "13", "24", "35", "38", "53", "55", "58"])
        return f"{area}0{self.random.randrange(10**6):06}", f"60{self.random.randrange(10**7):07}"

    def host(self, name: str) -> str:
        """Make a domain of this name that nobody else has, under the ending reserved for documentation (RFC 2606)."""
        wanted = name = slug(name)[:50]
        while wanted in self.hosts:
            wanted = f"{name}-{self.random.choice('abcdefghijkmnprstuvwxyz')}{self.random.randrange(1000)}"
        self.hosts.add(wanted)
        return f"{wanted}.example"

    def make(self, kind: str, name: str, *, domain: str, free_mail: float = 0.1, look: str = "single") -> Entity:
        """Make one entity with everything that belongs to it."""
        random = self.random
        self.made += 1
        phone, mobile = self.phone()
        local = random.choice(["info", "info", "contact", "administratie", "ict", "receptie", "post"])
        mail = f"{local}@{domain}"
        if not domain or random.random() < free_mail:
            mail = f"{slug(name).replace('-', random.choice(['', '.', '-']))}{random.randrange(100)}"
            mail = f"{mail}@{pick(random, 'mail_providers')}"
        trading = random.random() < (0.04 if kind in ("sole", "gemeente") else 0.12)
        trade = f"{coined(random)} {pick(random, 'branches')}" if trading and kind != "gemeente" else ""
        branches = tuple(self.address() for _ in range(random.randrange(1, 4))) if random.random() < 0.05 else ()
        return Entity(
            key=f"E{self.made:07}",
            kind=kind,
            name=name,
            trade_name=trade,
            kvk=self.number(),
            kvk_before=self.number() if random.random() < 0.015 else "",
            parent_kvk="",
            rsin="" if kind in ("sole", "vof") else self.rsin(),
            address=random.choice(self.offices) if random.random() < 0.03 else self.address(),
            address_before=self.address(),
            postal=random.choice(self.offices) if random.random() < 0.05 else None,
            branches=branches,
            domain=domain,
            mail=mail,
            phone=phone,
            mobile=mobile,
            look=look,
        )

    def single(self) -> Entity:
        """Make an entity that stands alone."""
        random, luck = self.random, self.random.random()
        if luck < 0.3:
            return self._trader("sole", site=0.55, free_mail=0.4)
        if luck < 0.4:
            return self._trader("vof", site=0.7, free_mail=0.25)
        if luck < 0.5:
            kind = random.choice(["stichting", "stichting", "vereniging"])
            name = f"{pick(random, 'causes')} {capital(random.choice(self.towns)[0])}"
            return self.make(kind, name, domain=self.host(name) if random.random() < 0.8 else "", free_mail=0.2)
        if luck < 0.51:
            name = f"{coined(random)} {pick(random, 'causes')}"
            return self.make("cooperatie", name, domain=self.host(name))
        if luck < 0.515:
            name = place(random)
            return self.make("gemeente", name, domain=self.host(f"gemeente {name}"), free_mail=0)
        return self._company(random.choice(["bv"] * 24 + ["nv"]))

    def _trader(self, kind: str, *, site: float, free_mail: float) -> Entity:
        random = self.random
        trade, surname = pick(random, "trades"), capital(pick(random, "surnames"))
        order = random.random()
        name = f"{trade} {surname}" if order < 0.6 else f"{surname} {trade}" if order < 0.75 else coined(random)
        if kind == "vof" and random.random() < 0.4:
            name = f"{name} en {capital(pick(random, 'surnames'))}"
        return self.make(kind, name, domain=self.host(name) if random.random() < site else "", free_mail=free_mail)

    def _company(self, kind: str) -> Entity:
        random = self.random
        luck = random.random()
        if luck < 0.5:
            name = f"{coined(random)} {pick(random, 'branches')}"
        elif luck < 0.75:
            name = f"{pick(random, 'trades')} {capital(pick(random, 'surnames'))}"
        elif luck < 0.9:
            name = f"{capital(pick(random, 'surnames'))} {pick(random, 'branches')}"
        else:
            name = f"{coined(random)} {capital(random.choice(self.towns)[0])}"
        return self.make(kind, name, domain=self.host(name) if random.random() < 0.9 else "", free_mail=0.05)

    def group(self) -> list[Entity]:
        """Make two to five companies of one group: nearly one name, one domain, often one address and telephone."""
        random = self.random
        base = coined(random) if random.random() < 0.7 else capital(pick(random, "surnames"))
        head = self.make("bv", f"{base} Holding", domain=self.host(base), free_mail=0, look="group")
        members, number = [head], head.kvk
        names = ["", *random.sample(["Beheer", "Nederland", "International", "Vastgoed", "Services", "Groep"], 4)]
        for name in names[: random.randrange(1, 5)]:
            one = self.make("bv", f"{base} {name}".strip(), domain=head.domain, free_mail=0, look="group")
            number = self.next_number(number) if random.random() < 0.4 else one.kvk
            same_place = random.random() < 0.75
            members.append(
                replace(
                    one,
                    kvk=number,
                    parent_kvk=head.kvk,
                    address=head.address if same_place else one.address,
                    phone=head.phone if random.random() < 0.6 else one.phone,
                    branches=(),
                )
            )
        return members

    def shop(self) -> Entity:
        """Make a shop of a chain: its own legal person under a shared name and domain."""
        random = self.random
        chain = pick(random, "chains")
        if chain not in self.chains:
            self.chains[chain] = (self.host(chain), self.phone()[0])
        domain, phone = self.chains[chain]
        own = capital(pick(random, "surnames")) if random.random() < 0.6 else random.choice(self.towns)[0]
        kind = random.choice(["bv", "sole", "vof"])
        one = self.make(kind, f"{chain} {own}", domain=domain, free_mail=0.3, look="chain")
        mail = one.mail if not one.mail.endswith(domain) else f"{slug(own)}@{domain}"
        return replace(one, branches=(), mail=mail, phone=phone if random.random() < 0.1 else one.phone)
