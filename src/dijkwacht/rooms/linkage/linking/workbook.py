"""A register in a workbook (XLSX). The archive is judged by its directory before anything of it is unpacked."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any, Final

from dijkwacht.rooms.linkage.linking.reading import MOST_COLUMNS, Register, set_header

MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 600 << 20  # bytes
MOST_RATIO: Final = 200  # unpacked to packed, of one entry of more than a MiB


def read_workbook(path: Path, register: Register) -> None:
    """Read the sheet that the layout names, or the first. Raises UnusableRegister.

    Formulas are not values: their cells are left empty and noted, so that no register depends on what a program
    would compute, or fetch.
    """
    judge_archive(path, register)
    from openpyxl import load_workbook

    with path.open("rb") as content:  # by its contents: a kept file has no ending
        try:
            book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever the broken part makes it raise
            said = _short(error)
            raise register.refuse(f"het is geen werkboek: {said}", f"it is no workbook: {said}") from None
        try:
            _read_sheet(_sheet(book, register), register)
        finally:
            book.close()


def judge_archive(path: Path, register: Register) -> None:
    """Refuse an archive that is none, or that unpacks to far more than it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise register.refuse("het is geen werkboek (geen zip)", "it is no workbook (no zip)") from None
    unpacked = sum(entry.file_size for entry in entries)
    dense = any(
        entry.file_size > MOST_RATIO * max(1, entry.compress_size) for entry in entries if entry.file_size > 1 << 20
    )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or dense:
        raise register.refuse(
            "het pakt uit tot veel meer dan het is; lever het als CSV aan",
            "it unpacks to far more than it is; hand it in as CSV",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise register.refuse("het is met een wachtwoord gesloten", "it is closed with a password")


def _sheet(book: Any, register: Register) -> Any:
    wanted = register.layout.sheet
    if wanted and wanted not in book.sheetnames:
        listed = ", ".join(book.sheetnames)[:200]
        raise register.refuse(
            f"er is geen blad {wanted!r}; er zijn: {listed}", f"there is no sheet {wanted!r}; there are: {listed}"
        )
    if not book.worksheets:
        raise register.refuse("het heeft geen blad", "it has no sheet")
    return book[wanted] if wanted else book.worksheets[0]


def _read_sheet(sheet: Any, register: Register) -> None:
    try:
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
            values = [_text(cell, register) for cell in cells]
            if not register.header:
                set_header(register, values)
            elif any(values):
                register.add(values)
    except (ValueError, KeyError, IndexError, TypeError, SyntaxError, OSError, zipfile.BadZipFile) as error:
        raise register.refuse(f"het blad is stuk: {_short(error)}", f"its sheet is broken: {_short(error)}") from None
    if not register.header:
        raise register.refuse("het blad is leeg", "the sheet is empty")


def _text(cell: Any, register: Register) -> str:
    """Give a cell as text: whole numbers without decimals, dates as ISO 8601."""
    value = cell.value
    if value is None or cell.data_type == "e":  # empty, or an error such as #N/A
        return ""
    if cell.data_type == "f":
        at = cell.column - 1
        column = register.header[at] if at < len(register.header) else ""
        register.note(
            len(register.rows) + 1, column, "een formule telt niet als waarde", "a formula does not count as a value"
        )
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - where floats count by one
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
