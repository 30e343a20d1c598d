"""The sources of the data path: one folder per feed with its table, a sample and the expected result."""

from dijkwacht.feeds.catalogue import FeedTableError, catalogue
from dijkwacht.feeds.model import LISTS, SEVERITIES, Columns, Feed, Kind, Recognised, Report, Text, Unknown
from dijkwacht.feeds.recognise import recognise

__all__ = [
    "LISTS", "SEVERITIES", "Columns", "Feed", "FeedTableError", "Kind", "Recognised", "Report", "Text", "Unknown",
    "catalogue", "recognise",
]  # fmt: skip
