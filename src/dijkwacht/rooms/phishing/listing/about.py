"""What every file says of itself: whose list, which state of it, where warned people go."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class About:
    """`serial`: of the newest event of the log in it. `changed_at`: when that was. `addresses`: of the warning page."""

    serial: int
    changed_at: datetime
    centre: str
    home: str  # absolute address of the page about the list
    contact: str  # mail address
    zone: str  # without the last dot
    addresses: Sequence[Address]

    def one_line(self, text: str) -> str:
        """Give a text for a comment: whatever a setting holds, it stays within its line."""
        return " ".join(text.split())

    def head(self, sign: str) -> bytes:
        """Give the lines of comment that a list of names begins with, each after `sign`."""
        lines = [
            f"Title: Phishing list of {self.one_line(self.centre)}",
            f"Version: {self.serial}",
            f"Last modified: {self.changed_at:%Y-%m-%dT%H:%M:%SZ}",
            "Expires: 1 hours",
            f"Homepage: {self.home}",
        ]
        return "".join(f"{sign} {line}\n" for line in lines).encode()
