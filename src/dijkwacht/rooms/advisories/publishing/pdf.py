"""An advisory as an accessible PDF (PDF/UA-1, tagged)."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

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
    import typst

    told = asdict(show(release, language))
    told |= {"words": words(language), "centre": settings.CENTRE_NAME, "tlp": f"TLP:{release.content.tlp}"}
    with tempfile.TemporaryDirectory() as folder:  # the only folder that the compiler may read
        page = Path(folder) / "advisory.typ"
        page.write_bytes(TEMPLATE.read_bytes())
        return bytes(
            typst.compile(
                str(page),
                root=folder,
                sys_inputs={"advisory": json.dumps(told, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                ignore_system_fonts=True,
                timestamp=int(release.current.timestamp()),
            )
        )
