"""Compile every catalogue of translated texts (.po to .mo), without the gettext tools: Babel reads and writes both."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(package: Path) -> int:
    """Compile each catalogue under `package` whose compiled form is missing or older; return how many."""
    done = 0
    for source in package.rglob("LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text, target.open("wb") as compiled:
            write_mo(compiled, read_po(text))
        done += 1
    return done


if __name__ == "__main__":
    compile_all(Path(__file__).parents[1])
