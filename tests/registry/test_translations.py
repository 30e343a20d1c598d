"""Every text of the registry's pages exists in Dutch."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import dijkwacht.rooms.registry as room

ROOM = Path(room.__file__).parent
TRANSLATE = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)') %\}""")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
CALL = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"\s*,?\s*\)')


def texts():
    for file in ROOM.rglob("*.py"):
        yield from CALL.findall(file.read_text())
    for file in ROOM.rglob("*.html"):
        content = file.read_text()
        yield from (double or single for double, single in TRANSLATE.findall(content))
        for body in BLOCK.findall(content):
            yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", body.partition("{% plural %}")[0])


def test_every_text_is_translated():
    with (ROOM / "locale/nl/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    known = {message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalogue}
    found = set(texts())
    assert len(found) > 150
    assert {text for text in found if not known.get(text)} == set()
    assert {text for text in known if text} - found == set()
