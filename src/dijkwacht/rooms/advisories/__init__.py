"""Advisories: sources in, one line a matter, advice out as CSAF, to exactly who runs the product."""
