"""The pairwise way: each CPE of a statement against each CPE of an inventory, by the `cpe` library (NIST IR 7696).

Started by advisories.py with a Python that has `cpe` (PyPI); nothing of Dijkwacht is imported here. Reads two lists of
CPE names as JSON and prints one line of JSON: pairs compared and CPU seconds. The names are parsed beforehand, and
their version ranges are not looked at at all: both in its favour.
"""

import json
import resource
import sys

from cpe.cpe2_3_fs import CPE2_3_FS
from cpe.cpeset2_3 import CPESet2_3


def main() -> None:
    """Compare every pair."""
    lists = json.load(sys.stdin)
    ours, theirs = ([CPE2_3_FS(text) for text in lists[name]] for name in ("ours", "theirs"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    found = sum(CPESet2_3.cpe_superset(source, target) for source in theirs for target in ours)
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    print(json.dumps({"pairs": len(ours) * len(theirs), "seconds": spent, "found": found}))


main()
