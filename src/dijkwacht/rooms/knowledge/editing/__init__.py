"""Editing measures: written by one, approved by another, valid from a day on; lessons that lead to it."""
