"""How much may be enclosed. Pure: no Django."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias
from uuid import UUID

from dijkwacht.kernel import bounds

MEGABYTE: Final = bounds.MEGABYTE
LARGEST: Final = bounds.LARGEST_FILE
MOST: Final = 20  # files of an incident, with those of its drafts
ACCOUNT: Final = 100 * MEGABYTE  # bytes of all drafts of an account
# Of somebody without account nobody knows who it is: together these bound what strangers can let us keep.
GUEST_MOST: Final = 5  # files with a report
GUEST_REPORT: Final = 20 * MEGABYTE  # bytes with a report
GUEST_NETWORK: Final = 100 * MEGABYTE  # bytes from a network (a /24 or /48) in a day, confirmed or not
GUEST_UNCONFIRMED: Final = 2_000 * MEGABYTE  # bytes of all reports whose address nobody confirmed
FORM: Final = MEGABYTE  # bytes of the answers around the files
# What a form may send at most, by the beginning of its address; refused before a byte of it is kept.
UPLOADS: Final = {
    "/report/without-account": GUEST_REPORT + FORM,
    "/report/follow/": GUEST_REPORT + FORM,
    "/report/draft/": GUEST_REPORT + FORM,
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that is handed in: its name as it was given, and its bytes."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hex."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Shared:
    """A file of one report for many customers: its bytes stand once already, in the row `file`."""

    name: str
    size: int  # bytes
    sha256: str
    file: UUID


AnyFile: TypeAlias = Enclosed | Shared


def largest_upload(path: str) -> int | None:
    """Return how many bytes a form at an address may send; None: its own page bounds it."""
    return next((bytes_ for begin, bytes_ in UPLOADS.items() if path.startswith(begin)), None)
