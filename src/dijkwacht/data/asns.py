"""Which registered autonomous system an observation names."""

from typing import NamedTuple

import numpy as np

from .hashing import GOLDEN, Groups, HashTable, build_table
from .intervals import NOBODY, Owners, group_owners
from .registry import Rows


class Asns(NamedTuple):
    """Registered numbers by their hash, and their owners. The hash loses nothing, so equal means equal."""

    table: HashTable
    owners: Owners

    def find(self, asns: Rows) -> tuple[Rows, Groups]:
        """Give (place in `asns`, group of owners) of each number that is registered."""
        groups = self.table.find(asns * GOLDEN)
        known = np.flatnonzero(groups != NOBODY)
        return known.astype(np.uint32), groups[known]


def build_asns(rows: Rows, numbers: Rows) -> Asns:
    """Build the table of autonomous systems; `rows` are their assets."""
    distinct, group_of = np.unique(numbers, return_inverse=True)
    table, order = build_table(distinct * GOLDEN)
    place = np.empty(distinct.size, np.int64)
    place[order] = np.arange(distinct.size)
    return Asns(table, group_owners(place[group_of], rows, distinct.size))
