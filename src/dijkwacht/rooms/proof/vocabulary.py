"""The words of proof: every value that a closed column may hold. Pure: no Django."""

from enum import StrEnum


class Word(StrEnum):
    """A closed list of values."""


class Method(Word):
    """How an organisation shows that an asset is its own."""

    DNS = "dns"
    FILE = "file"
    MAIL = "mail"
    PARENT = "parent"
    WHOIS = "whois"
    OFFICER = "officer"  # what was sent to the centre; an officer gives the word


class State(Word):
    """How far a challenge got. The first three are live: they may still verify the asset, or do."""

    OPEN = "open"
    PROPOSED = "proposed"  # an officer weighs what was found
    PROVEN = "proven"
    ACCEPTED = "accepted"  # an officer gave the word on what was sent; the asset carries it, nothing is looked at again
    LOST = "lost"  # was proven, is no longer
    EXPIRED = "expired"  # was never proven in time
    WITHDRAWN = "withdrawn"
    DENIED = "denied"  # somebody at the address said that it is not theirs, or an officer refused


class Outcome(Word):
    """What a check says about the proof."""

    MATCH = "match"
    PARTIAL = "partial"  # an officer should look
    ABSENT = "absent"  # looked, and it is not there
    REFUSED = "refused"  # we do not look there, or not accept what we saw
    TEMPORARY = "temporary"  # could not look; says nothing


class Verdict(Word):
    """How a conflict with a proven side goes on."""

    STANDS = "stands"  # the claim rests
    PERSON = "person"


LIVE = (State.OPEN, State.PROPOSED, State.PROVEN)
