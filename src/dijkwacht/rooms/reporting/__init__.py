"""Incident reports: filed once, in stages with legal clocks, to every authority that must have them, with receipts."""
