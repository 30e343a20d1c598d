"""Names and addresses that were written so that nobody follows them by accident, made whole again."""

import re
from typing import Final

_WHOLE: Final = (
    (re.compile(r"\bh(?:xx|tt|\*\*)ps?\b(?=\[?:)", re.IGNORECASE), lambda m: "https" if m[0][-1] in "sS" else "http"),
    (re.compile(r"\[(?:\.|dot|punt)\]|\((?:\.|dot|punt)\)|\{\.\}|(?<=\w)\\\.", re.IGNORECASE), "."),
    (re.compile(r"\[(?:at|@)\]|\((?:at|@)\)", re.IGNORECASE), "@"),
    (re.compile(r"\[:\]"), ":"),
    (re.compile(r"\[(://)\]|:\[//\]|:\\\\"), "://"),
    (re.compile(r"\[/\]"), "/"),
)


def refang(text: str) -> str:
    """Return `text` with hxxp, [.] and the like undone."""
    for pattern, whole in _WHOLE:
        text = pattern.sub(whole, text)
    return text
