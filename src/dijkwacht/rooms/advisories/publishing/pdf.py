"""An advisory as an accessible PDF (PDF/UA-1, tagged)."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dijkwacht.platform import pdf as printed
from dijkwacht.rooms.advisories.publishing.showing import show
from dijkwacht.rooms.advisories.writing.content import Release

TEMPLATE: Final = Path(__file__).with_name("advisory.typ")


def words(language: str) -> dict[str, str]:
    """Give the headings of an advisory in a language."""
    with translation.override(language):
        return {
            "withdrawn": _("This advisory was withdrawn:"),
            "courses": _("What to do"),
            "what": _("What is the matter"),
            "affected": _("Who is affected"),
            "products": _("Products"),
            "references": _("More to read"),
            "thanks": _("With thanks to"),
            "history": _("Versions of this advisory"),
            "more": _("Products that stand only in the CSAF document:"),
        }


def pdf(release: Release, language: str) -> bytes:
    """Return the PDF of a version in Dutch or English; the same bytes for the same version."""
    told = asdict(show(release, language))
    told |= {"words": words(language), "centre": settings.CENTRE_NAME, "tlp": f"TLP:{release.content.tlp}"}
    return printed.compiled(TEMPLATE, told, release.current)
