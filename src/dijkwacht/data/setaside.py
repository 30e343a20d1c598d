"""What was not understood: single lines, set aside for correction, and whole files, refused."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

from dijkwacht.data.schema import SET_ASIDE
from dijkwacht.feeds.model import Text

RAW_LIMIT: Final = 65_536  # bytes of a line that are kept; a longer one is no longer a line to correct by hand

# Why a line is set aside. The code stands in the column `reason`; the sentence is for the officer.
REASONS: Final = {
    "column-count": Text(nl="het aantal kolommen klopt niet", en="the number of columns is wrong"),
    "quotes": Text(nl="de aanhalingstekens kloppen niet", en="the quotes do not match"),
    "encoding": Text(nl="geen geldige UTF-8", en="not valid UTF-8"),
    "nul-byte": Text(nl="bevat een NUL-byte", en="contains a NUL byte"),
    "too-long": Text(nl="de regel is te lang", en="the line is too long"),
    "bad-time": Text(nl="geen geldig tijdstip van 1990 tot 2100", en="not a valid time from 1990 to 2100"),
    "bad-address": Text(nl="geen geldig IP-adres", en="not a valid IP address"),
    "bad-host": Text(nl="geen geldige hostnaam", en="not a valid host name"),
    "bad-account": Text(nl="geen geldig e-mailadres", en="not a valid e-mail address"),
    "bad-port": Text(nl="geen poort van 0 tot en met 65535", en="not a port from 0 to 65535"),
    "bad-protocol": Text(nl="geen naam van een protocol", en="not the name of a protocol"),
    "bad-asn": Text(nl="geen geldig AS-nummer", en="not a valid AS number"),
    "no-subject": Text(nl="noemt geen adres, host of naam", en="names no address, host or name"),
    "bad-prefix": Text(nl="geen geldig netwerk (IP-prefix)", en="not a valid network (IP prefix)"),
    "bad-form": Text(
        nl="geen adres, netwerk, naam of webadres; e-mailadressen horen op een eigen lijst",
        en="no address, network, name or web address; e-mail addresses go in a list of their own",
    ),
    "unknown-kind": Text(nl="onbekende soort melding", en="unknown kind of event"),
    "bad-json": Text(nl="geen geldige JSON van de verwachte vorm", en="not valid JSON of the expected form"),
}


class ReportRefused(Exception):
    """A whole file that cannot be read: nothing of it was used.

    `reason` is a code, `text` the message in both languages.
    """

    def __init__(self, reason: str, text: Text) -> None:
        super().__init__(text.en)
        self.reason = reason
        self.text = text


class Aside(NamedTuple):
    """One line that is set aside. `line` counts data rows from 1."""

    line: int
    column: str
    reason: str
    detail: str
    raw: bytes


def set_aside(lines: Iterable[Aside]) -> pl.DataFrame:
    """The lines as a frame of the shape SET_ASIDE, in the order of the file."""
    rows = [(*line[:3], line.detail[:500], line.raw[:RAW_LIMIT]) for line in sorted(lines)]
    return pl.DataFrame(rows, schema=SET_ASIDE, orient="row")
