"""Who gets an answer, and when. Pure. Sources: RFC 3834 (automatic responses), RFC 5321 section 4.5.5 (null sender)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

GRACE: Final = timedelta(seconds=8)  # a verdict within these seconds is the first answer, and no "we are looking"
LONGEST: Final = timedelta(days=30)  # the address is kept for a change of the verdict, then erased
PER_DAY: Final = 10  # answers to one reporter; what came after hears nothing
TOLD: Final = ("phishing", "suspicious", "legitimate", "own", "cannot-say", "looking")
MACHINES: Final = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply|bounces?|abuse|root|list|owner|majordomo|.*-request"
    r"|.*-bounces?|.*-owner|owner-.*)@",
    re.IGNORECASE,
)
LIST_FIELDS: Final = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list")
Values = Callable[[str], list[str]]  # the values of a field of the header


def refusal(values: Values, *, address: str, envelope: str, proven: bool, own: frozenset[str]) -> str:
    """Say why a mail gets no answer, or "" when it does. `envelope`: MAIL FROM; `own`: our report addresses."""
    reasons = (
        ("no-address", not address),
        ("own", address in own),
        ("null-sender", envelope in {"", "<>"}),
        ("machine", MACHINES.match(address) is not None or MACHINES.match(envelope) is not None),
        ("automatic", _automatic(values)),
        ("mass", _mass(values)),
        ("unproven", not proven),
    )
    return next((code for code, holds in reasons if holds), "")


def _automatic(values: Values) -> bool:
    submitted = "".join(values("auto-submitted")[:1]).partition(";")[0].strip().lower()
    return submitted not in {"", "no"} or any(map(values, ("x-auto-response-suppress", "x-autoreply", "x-autorespond")))


def _mass(values: Values) -> bool:
    precedence = {one.strip().lower() for one in values("precedence")}
    return bool(precedence & {"bulk", "list", "junk"}) or any(map(values, LIST_FIELDS))


def language_of(values: Values, known: str = "") -> str:
    """Give the language of an answer: what the door knew, what the mail says of itself, else Dutch."""
    if known in {"nl", "en"}:
        return known
    said = "".join([*values("content-language")[:1], *values("accept-language")[:1]]).strip().lower()[:2]
    return "en" if said and said != "nl" else "nl"


def news(said: str, verdict: str) -> bool:
    """Whether a verdict is worth telling to somebody who heard `said` before; "" for nothing yet."""
    if verdict not in TOLD or said == verdict:
        return False
    # Who heard that we look waits for a verdict; "cannot say" after it is one, and the end of the waiting.
    return not (verdict == "looking" and said)
