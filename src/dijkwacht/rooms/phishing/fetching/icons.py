"""The small picture of a site, compared with those of protected brands that an installation has collected."""

import hashlib
import io
import warnings
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from dijkwacht.mails.files import PICTURES

LARGEST_SIDE: Final = 2_048  # pixels
NEAR: Final = 4  # of 64 bits
SIDE: Final = 8


class Icon(msgspec.Struct, frozen=True):
    """A picture by what it is: SHA-256 of its bytes, and 64 bits of which neighbour is lighter, in hexadecimal."""

    sha256: str = ""
    look: str = ""


class Known(msgspec.Struct, frozen=True):
    """One icon of a brand, as the file of an installation holds it."""

    brand: str
    sha256: str = ""
    look: str = ""


def read_icon(body: bytes) -> Icon:
    """Read a picture; an empty Icon where it is none, or too large to look at."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="error"), Image.open(io.BytesIO(body), formats=PICTURES) as opened:
            if max(opened.size) > LARGEST_SIDE:
                return Icon()
            seen = opened.convert("RGBA")
            ground = Image.new("RGBA", seen.size, (255, 255, 255, 255))
            ground.alpha_composite(seen)
            small = [*ground.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX).tobytes()]
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return Icon()
    rows = [small[start : start + SIDE + 1] for start in range(0, len(small), SIDE + 1)]
    bits = "".join(str(int(one < other)) for row in rows for one, other in pairwise(row))
    return Icon(hashlib.sha256(body).hexdigest(), f"{int(bits, 2):016x}")


@cache
def known(path: str) -> tuple[Known, ...]:
    """Read the icons of brands that an installation collected: JSON, a list of Known.

    Raises ValueError, in words, where it is no such file.
    """
    try:
        return tuple(msgspec.json.decode(Path(path).read_bytes(), type=list[Known])) if path else ()
    except OSError as error:
        raise ValueError(f"DIJKWACHT_PAGES_ICONS: {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ValueError(f"DIJKWACHT_PAGES_ICONS: {path} is no list of icons: {error}") from error


def brand_of(icon: Icon | None, collected: tuple[Known, ...]) -> str:
    """Give the slug of the brand whose icon this is, or looks like; "" where it is none's.

    A picture of one colour looks like nothing: its 64 bits are all the same.
    """
    if icon is None or not icon.sha256:
        return ""
    for one in collected:
        if one.sha256 == icon.sha256:
            return one.brand
        seen = int(icon.look, 16)
        if one.look and seen.bit_count() > NEAR and (int(one.look, 16) ^ seen).bit_count() <= NEAR:
            return one.brand
    return ""
