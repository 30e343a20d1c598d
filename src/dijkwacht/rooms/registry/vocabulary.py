"""The words of the registry: every value that a closed column may hold. Pure: no Django."""

from enum import StrEnum


class Word(StrEnum):
    """A closed list of values."""


class Kind(Word):
    """What an organisation is to the centre."""

    ORGANISATION = "organisation"
    RELAY = "relay"
    NETWORK_OWNER = "network-owner"
    CSIRT = "csirt"  # of another country


class Classification(Word):
    """What the law makes of it; the facts that the policies read."""

    ESSENTIAL = "essential"
    IMPORTANT = "important"
    OTHER = "other"
    CITIZEN = "citizen"
    FOREIGN = "foreign"


class Language(Word):
    """The languages the centre writes in."""

    NL = "nl"
    EN = "en"


class ContactRole(Word):
    """What somebody is reached for."""

    SECURITY = "security"  # day and night
    TECHNICAL = "technical"
    BOARD = "board"
    ABUSE = "abuse"
    SUBSTITUTE = "substitute"  # stands in when the others cannot be reached


class Declaration(Word):
    """What an organisation declares itself to be (Cbb article 27(1)(a)); what the law makes of it is its class."""

    NONE = "none"
    ESSENTIAL = "essential"
    IMPORTANT = "important"
    REGISTRAR = "domain-registrar"


class AddressKind(Word):
    """Which address of an organisation (Cbw articles 44(1)(b) and 47(3)(c) and (d))."""

    MAIN = "main"
    ESTABLISHMENT = "establishment"  # elsewhere in the European Union
    REPRESENTATIVE = "representative"  # of an organisation that is established outside it


class Channel(Word):
    """How a notice travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    PORTAL = "portal"
    API = "api"


class Rhythm(Word):
    """How often: with every run, or gathered."""

    RUN = "run"
    DAILY = "daily"
    WEEKLY = "weekly"


class ContactStatus(Word):
    """Whether a contact is reached."""

    WORKING = "working"
    BOUNCING = "bouncing"
    WRONG = "wrong"


class AssetKind(Word):
    """What can be attributed."""

    PREFIX = "prefix"
    ASN = "asn"
    DOMAIN = "domain"


class AssetStatus(Word):
    """How sure the centre is that it is theirs. Only a verified asset receives victim data."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    EXPIRED = "expired"


class MandateStatus(Word):
    """Whether a relay receives."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Information(Word):
    """What a mandate may cover."""

    VICTIM = "victim"
    TARGET = "target"
    VULNERABILITY = "vulnerability"


class Record(Word):
    """What the register keeps of an organisation, each with a history of its own."""

    ORGANISATION = "organisation"
    CONTACT = "contact"
    ASSET = "asset"
    MANDATE = "mandate"


class Verb(Word):
    """What happened to a row. A row that another organisation takes over leaves the first one."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    LEAVE = "leave"


class ReaderRole(Word):
    """As what somebody watches over a sector (Cbw articles 15 and 16)."""

    CSIRT = "csirt"
    AUTHORITY = "authority"


class NoticeState(Word):
    """Where a change notice stands: the centre asks, the organisation tells, or nothing had changed."""

    ASKED = "asked"
    TOLD = "told"
    DISMISSED = "dismissed"


class LeaveReason(Word):
    """Why an organisation leaves the register."""

    CEASED = "ceased"
    MERGED = "merged"
    OUT_OF_SCOPE = "out-of-scope"
    SOLD = "sold"


class LeaveState(Word):
    """How far a deregistration is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"  # waits for its day
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    DONE = "done"


class Decision(Word):
    """How a conflict over an asset ends."""

    KEEP_BOTH = "keep-both"
    FIRST = "first"
    SECOND = "second"


class RuleDecision(Word):
    """How the written rule lets a conflict rest: one side has shown its proof, the other has shown nothing (yet)."""

    FIRST_PROVEN = "proven-1"
    SECOND_PROVEN = "proven-2"
