"""Makers of advisories: the centre's own work, so A's and B's are alike; the number is of one that everybody may read."""

from uuid import UUID

from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.kernel.actor import system
from dijkwacht.rooms.advisories.publishing import folder, signing
from dijkwacht.rooms.advisories.writing.content import Content, Text, encode
from dijkwacht.rooms.advisories.writing.models import Advisory, Version
from dijkwacht.rooms.advisories.writing.releasing import release_of
