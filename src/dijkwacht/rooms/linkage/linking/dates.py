"""Days as registers write them."""

import datetime as dt
from typing import Final

FORMATS: Final = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%m-%y")
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mrt maa", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec"), start=1
    )
    for name in names.split()
}


def day(text: str) -> dt.date | None:
    """Give the day that a text names, the day before the month when it is in doubt; None for none."""
    plain = text.strip()[:40]
    for form in FORMATS:
        try:
            return dt.datetime.strptime(plain[:10], form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    parts = plain.lower().replace(".", " ").split()
    try:
        return dt.date(int(parts[2][:4]), MONTHS[parts[1][:3]], int(parts[0]))
    except (IndexError, KeyError, ValueError):
        return None
