"""Small numbers: what the Commission gets is exact, what is published is not. Pure: no Django.

NIS2 article 3(5) asks the Member States for numbers, so the Commission and the Cooperation Group get them as they are.
In a sector with one or two entities everybody knows whose number it is: that one is essential, or is not. So what is
published rounds every number to a multiple of BASE, the totals too (a total less the other rows would tell what a
row hides), and writes what lies between none and BASE as "<5".
"""

from typing import Final

BASE: Final = 5


def published(number: int) -> str:
    """Return a count as it may be published."""
    if 0 < number < BASE:
        return f"<{BASE}"
    return str((number + BASE // 2) // BASE * BASE)


def small(number: int) -> bool:
    """Tell whether a count may point at single entities."""
    return 0 < number < BASE
