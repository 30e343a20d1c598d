"""Bounds that hold in every room."""

from typing import Final

MEGABYTE: Final = 1 << 20  # bytes
LARGEST_FILE: Final = 10 * MEGABYTE  # of somebody outside: bytes
