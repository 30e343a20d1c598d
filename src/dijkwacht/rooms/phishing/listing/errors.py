"""What can be wrong with a name for the list, or with what is done to it."""

from dijkwacht.kernel.errors import Problem


class MalformedName(Problem):
    """This is no name for the list: {name}. Give a host such as dief.example, or a URL with https:// or http://."""

    nl = "Dit is geen naam voor de lijst: {name}. Geef een host zoals dief.example, of een URL met https:// of http://."
    status = 422


class UnknownKind(Problem):
    """There is no kind of entry {kind}: it is url, host, name or domain."""

    nl = "Er bestaat geen soort vermelding {kind}: het is url, host, name of domain."
    status = 422


class ProtectedName(Problem):
    """{name} is of a protected brand ({brand}), or has one below it, and is never warned for."""

    nl = "{name} is van een beschermd merk ({brand}), of heeft er een onder zich, en komt nooit op de lijst."
    status = 422


class OwnName(Problem):
    """{name} is our own, and is never warned for."""

    nl = "{name} is van onszelf en komt nooit op de lijst."
    status = 422


class PublicSuffix(Problem):
    """Everybody can have a name under {name}: a warning would hit them all. Give the host or the URL itself."""

    nl = "Iedereen kan een naam onder {name} hebben: een waarschuwing zou hen allen raken. Geef de host of de URL zelf."
    status = 422


class SharedByMany(Problem):
    """{name} has pages of many people, or such a host is below it. Give the one URL instead."""

    nl = "{name} heeft pagina's van veel mensen, of er staat zo'n host onder. Geef in plaats daarvan de ene URL."
    status = 422


class InsideName(Problem):
    """{name} is a name or an address of a network's inside, not of the public internet."""

    nl = "{name} is een naam of adres binnen een netwerk, niet op het openbare internet."
    status = 422


class TooWide(Problem):
    """{name} is no registrable domain. For one host give host, for a host with all below it give name."""

    nl = "{name} is geen te registreren domein. Geef voor één host host, voor een host met alles eronder name."
    status = 422


class ReasonMissing(Problem):
    """Say why: whoever is warned, or is free again, reads the reason."""

    nl = "Zeg waarom: wie gewaarschuwd wordt, of weer vrij is, leest de reden."
    status = 422


class LeaseTooLong(Problem):
    """A lease is longer than nothing and at most {days} days: an entry that nobody looks at again does not stay."""

    nl = "Een termijn is langer dan niets en hoogstens {days} dagen: waar niemand meer naar kijkt, blijft niet."
    status = 422


class NotListed(Problem):
    """{name} is not on the list now."""

    nl = "{name} staat nu niet op de lijst."
    status = 409


class UnknownFormat(Problem):
    """There is no format {format}."""

    nl = "Er is geen formaat {format}."
    status = 404


class NotPublishedYet(Problem):
    """The file {file} is being made for the first time. Please ask again in some seconds."""

    nl = "Het bestand {file} wordt voor het eerst gemaakt. Vraag het over enkele seconden opnieuw."
    status = 503


class ConsumerName(Problem):
    """The name of a consumer is 1 to 40 lower-case letters, digits and hyphens, such as provider-north."""

    nl = "De naam van een afnemer is 1 tot 40 kleine letters, cijfers en koppeltekens, zoals provider-noord."
    status = 422


class ConsumerAddress(Problem):
    """This is no address for a consumer: {text}. Give 192.0.2.1#53, prefixes such as 192.0.2.0/24, or an https URL."""

    nl = "Dit is geen adres voor een afnemer: {text}. Geef 192.0.2.1#53, prefixen zoals 192.0.2.0/24, of een https-URL."
    status = 422


class ConsumerTaken(Problem):
    """There is a consumer {name} already, or was one."""

    nl = "Er is al een afnemer {name}, of er is er een geweest."
    status = 409


class ConsumerUnknown(Problem):
    """There is no such consumer."""

    nl = "Die afnemer is er niet."
    status = 404
