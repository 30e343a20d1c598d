"""Words of the electricity network code (Delegated Regulation (EU) 2024/1366). Pure: no Django."""

from typing import Final

REGIME: Final = "netcode"
CONFIDENTIALITY: Final = "confidentiality"  # the centre's duty, as the regime calls it
ELECTRICITY: Final = ("1.1", "1.1a")  # energy, and electricity, of annex 1
IMPACTS: Final = ("high", "critical")
