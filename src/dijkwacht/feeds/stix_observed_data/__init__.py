"""STIX 2.1 bundles with observed data."""
