"""Which registered autonomous system an observation names."""

from typing import NamedTuple

import numpy as np

from .intervals import NOBODY, Groups, Owners, group_owners
from .registry import Rows


class Asns(NamedTuple):
    """Registered numbers in ascending order, and their owners."""

    numbers: Rows
    owners: Owners

    def find(self, asns: Rows) -> Groups:
        """Give the group of owners of each number, NOBODY where it is not registered."""
        if self.numbers.size == 0:
            return np.full(asns.size, NOBODY, np.int32)
        at = np.minimum(np.searchsorted(self.numbers, asns), self.numbers.size - 1)
        return np.where(self.numbers[at] == asns, at, NOBODY).astype(np.int32)


def build_asns(rows: Rows, numbers: Rows) -> Asns:
    """Build the table of autonomous systems; `rows` are their assets."""
    distinct, group_of = np.unique(numbers, return_inverse=True)
    return Asns(distinct, group_owners(group_of.astype(np.int64), rows, distinct.size))
