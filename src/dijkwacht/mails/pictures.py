"""What is written in a picture: people take one of a text message, and send that in.

Read by Tesseract (`tesserocr`). A letter may be read wrong (l for 1), seldom in a name and often in what is behind it:
who uses such a link must not take it to the letter.
"""

import io
import os
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from .files import LARGEST_IMAGE, PICTURES, FileUnreadableError, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

FEWEST: Final = 200  # pixels of a side: what is smaller is a logo
SMALL, LARGE = 600_000, 4_000_000  # pixels: letters of a smaller picture are made larger, a larger one smaller
LONGEST: Final = 3_000  # milliseconds for one picture
LETTERS: Final = "@tesseract.js-data/eng/4.0.0_best_int"  # in the folder of npm packages
SCHEME: Final = re.compile(r"\bh[tiIl1]{1,2}[tx]?p(s?)[:;]?/{1,2}(?=\w)")  # "hitps:/", "https//": so it is misread
DOT: Final = re.compile(r"\[\.[\]J)]{1,2}")  # "[.]"
CUT: Final = re.compile(r"(?:https?://[^\s/]*|\S*\w)[-./]\Z|https?://\Z")  # a word that goes on in the next line
FULL: Final = 0.85  # of the widest line, from which a line is full
DOMAIN: Final = re.compile(r"\w\.[a-z]{2,}", re.IGNORECASE)


@dataclass(slots=True)
class Budget:
    """Seconds of CPU for pictures: some at once, then a quarter of the time, so that mails do not wait for them."""

    share: float = 0.25
    most: float = 2.0  # less than a group of mails may take together
    left: float = 2.0
    at: float = field(default_factory=time.monotonic)

    def allows(self) -> bool:
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.share)
        self.at = now
        return self.left > 0


_BUDGET: Final = Budget()


def words_in(content: bytes, budget: Budget = _BUDGET) -> str:
    """Read what is written in a picture, as text in which URLs are whole; "" where it is too small to hold a message.

    Raises FileUnreadableError: for what is no picture, where it cannot be read here, and when the budget is spent.
    """
    from PIL import Image

    with unreadable():
        image = Image.open(io.BytesIO(content), formats=PICTURES)
        if min(image.size) < FEWEST or image.width * image.height > LARGEST_IMAGE:
            return ""
        if not budget.allows():
            raise FileUnreadableError("its text was not read: too many pictures at once")
        began = time.process_time()
        try:
            return whole(_read(_plain(image)))
        finally:
            budget.left -= time.process_time() - began


def _plain(image: "Image") -> "Image":
    """Dark letters on a light ground, whatever their colours, of a size that is read well."""
    from PIL import Image, ImageChops, ImageOps, ImageStat

    pixels = image.width * image.height
    by = 2.0 if pixels < SMALL else min(1.0, (LARGE / pixels) ** 0.5)
    size = max(1, int(image.width * by)), max(1, int(image.height * by))
    sized = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    red, green, blue = sized.split()
    if ImageStat.Stat(sized.convert("L")).median[0] < 128:  # noqa: PLR2004 - half of what a pixel can be
        return ImageOps.invert(ImageChops.lighter(ImageChops.lighter(red, green), blue))
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _read(image: "Image") -> str:
    engine = _engine()
    engine.SetImage(image)
    try:
        if not engine.Recognize(LONGEST):
            raise FileUnreadableError(f"its text was not read within {LONGEST:,} milliseconds")
        return str(engine.GetUTF8Text())
    finally:
        engine.Clear()


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        import tesserocr

        return tesserocr.PyTessBaseAPI(path=os.environ.get("TESSDATA_PREFIX", ""), lang="eng")
    except (ImportError, RuntimeError) as error:
        raise FileUnreadableError("its text cannot be read here: run `dijkwacht assets`") from error


def whole(text: str) -> str:
    """Put together what a narrow screen breaks: a name after a hyphen or a point, a URL that fills its line."""
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", DOT.sub(".", SCHEME.sub(r"http\1://", text))):
        parts = [line.strip() for line in block.splitlines() if line.strip()]
        widest = max(map(len, parts), default=0)
        for place, line in enumerate(parts):
            full = place > 0 and " " not in parts[place - 1] and len(parts[place - 1]) >= FULL * widest
            if lines and _goes_on(lines[-1].rpartition(" ")[2], line.partition(" ")[0], full=full):
                lines[-1] += line
            else:
                lines.append(line)
    return "\n".join(lines)


def _goes_on(word: str, following: str, *, full: bool) -> bool:
    """Whether the last word of a line goes on in the next. `full`: it is all of its line, and fills it."""
    if CUT.search(word):
        return "://" in word or DOMAIN.search(word + following) is not None
    return full and "/" in word and DOMAIN.search(word) is not None
