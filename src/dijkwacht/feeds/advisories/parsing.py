"""One door for every kind: bytes in, items and what was set aside out. CSAF has a door of its own: the check."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dijkwacht.feeds.advisories.cve.parse import parse as cve
from dijkwacht.feeds.advisories.epss.parse import parse as epss
from dijkwacht.feeds.advisories.kev.parse import parse as kev
from dijkwacht.feeds.advisories.list.parse import parse as status_list
from dijkwacht.feeds.advisories.mail.parse import parse as mail
from dijkwacht.feeds.advisories.model import Parsed
from dijkwacht.feeds.advisories.news.parse import parse as news

PARSERS: Final[Mapping[str, Callable[[bytes, str], Parsed]]] = MappingProxyType(
    {"cve": cve, "kev": kev, "epss": epss, "news": news, "mail": mail, "list": status_list}
)
