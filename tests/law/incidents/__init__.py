"""Tests of the law on reporting incidents."""
