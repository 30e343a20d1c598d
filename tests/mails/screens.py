"""Pictures of a telephone with a text message on it."""

import io
import os
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

MODULES = os.environ.get("DIJKWACHT_NODE_MODULES") or str(Path(__file__).parents[2] / "var/frontend/node_modules")
MESSAGES = {
    "a parcel": (
        [
            "PostNL: Uw pakket kon niet worden",
            "bezorgd. Betaal de kosten via",
            "https://postnl-",
            "bezorging.info/nl/x7 vandaag",
        ],
        "postnl-bezorging.info",
    ),
    "a bank": (
        ["ING: uw pas verloopt. Vraag een", "nieuwe aan op ing-pas-", "vernieuwen.com/aanvraag"],
        "ing-pas-vernieuwen.com",
    ),
    "a shortened link": (
        ["Belastingdienst: u heeft een schuld.", "Voorkom beslag:", "http://bit.ly/3xYz9Qk"],
        "bit.ly",
    ),
    "a long name": (
        [
            "Rabobank: bevestig op",
            "https://rabobank-klantenservice-",
            "verificatie-",
            "online.example.com/gegevens/bevesti",
            "gen",
        ],
        "rabobank-klantenservice-verificatie-online.example.com",
    ),
}
COLOURS = {"light": ("#ffffff", "#111111", "#0a58ca"), "dark": ("#111111", "#f2f2f2", "#0a84ff")}


def screen(lines, *, colours="light", scale=2, kind="PNG", size=(390, 500)):
    """A telephone with a message on it, links in another colour."""
    ground, ink, link = COLOURS[colours]
    image = Image.new("RGB", (size[0] * scale, size[1] * scale), ground)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(17 * scale)
    draw.text((120 * scale, 12 * scale), "+31 6 12345678", ink, ImageFont.load_default(13 * scale))
    for place, line in enumerate(lines):
        words = line.split(" ")
        for at, word in enumerate(words):
            left = 20 * scale + draw.textlength(" ".join([*words[:at], ""]), font)
            draw.text((left, (60 + 24 * place) * scale), word, link if "/" in word or "-" in word else ink, font)
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()
