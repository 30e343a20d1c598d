"""What must happen all the time in this room; each part registers its own."""

from dijkwacht.rooms.phishing.answers import ticks as answers
from dijkwacht.rooms.phishing.fetching import ticks as fetching
from dijkwacht.rooms.phishing.intake import ticks as intake
from dijkwacht.rooms.phishing.listing import ticks as listing

__all__ = ["answers", "fetching", "intake", "listing"]
