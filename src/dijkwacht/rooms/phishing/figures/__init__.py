"""The dashboard of the centre, public statistics, and what providers and partners ask."""
