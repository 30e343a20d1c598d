"""Measures as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dijkwacht.rooms.knowledge import markdown
from dijkwacht.rooms.knowledge.published import Entry, last_changed


def atom(entries: Sequence[Entry], language: str, site: str) -> bytes:
    """Return the feed in a language, what changed last first. `site`: scheme and host, without a slash at the end."""
    home = site + reverse("knowledge:home", args=[language])
    own = site + reverse("knowledge:feed", args=[language])
    with translation.override(language):
        title = _("Measures of %(centre)s") % {"centre": settings.CENTRE_NAME}
    rows = sorted(entries, key=lambda one: (one.changed, one.measure.slug), reverse=True)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<id>{escape(own)}</id><title>{escape(title)}</title>",
        f"<updated>{_moment(last_changed({one.measure.slug: one for one in rows}))}</updated>",
        f"<author><name>{escape(settings.CENTRE_NAME)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(own)}/><link href={quoteattr(home)}/>',
        *(_entry(one, language, site) for one in rows),
        "</feed>\n",
    ]
    return "\n".join(parts).encode()


def _entry(one: Entry, language: str, site: str) -> str:
    text = one.measure.text(language)
    address = site + reverse("knowledge:measure", args=[language, one.measure.slug])
    content = markdown.html(text.body, language)
    return (
        f"<entry><id>{escape(address)}</id><title>{escape(text.title)}</title>"
        f"<updated>{_moment(one.changed)}</updated><link href={quoteattr(address)}/>"
        f"<summary>{escape(text.summary)}</summary>"
        f'<content type="html">{escape(content)}</content></entry>'
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
