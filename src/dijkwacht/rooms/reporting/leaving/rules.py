"""Which terms run on when whoever reported leaves the register. Pure: no Django.

The duty to report arises when an essential or important entity becomes aware of a significant incident (Cbw 25(1),
26, 27); what follows, up to the final report, follows from that moment (Cbw 28, 29). Nothing in the law ends a duty
that arose: the end of a registration (Cbw 43) says that it is no entity from then on. So what arose before stays, and
what it became aware of afterwards has no term. What the centre owes (Cbw 36) it owes whoever reported.
"""

from datetime import datetime
from enum import StrEnum


class Side(StrEnum):
    """As what the organisation that left stands beside an incident."""

    REPORTER = "reporter"
    READER = "reader"  # an authority or CSIRT to which it was handed over, and that did not acknowledge it


def runs(*, ours: bool, arose: datetime, left: datetime | None) -> bool:
    """Tell whether a term runs. `arose`: when the entity became aware, else when we received its first report;
    `left`: when it left the register, None when it did not. Source: Cbw 25 to 29, 36, 43.
    """
    return ours or left is None or arose < left
