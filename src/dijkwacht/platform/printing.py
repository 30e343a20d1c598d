"""A PDF of this installation: made from a template, and sealed with what the settings name."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dijkwacht.platform import pdf
from dijkwacht.platform.sealing import Sealer


def sealer() -> Sealer:
    """Return the seal of this installation. Raises OSError when the file that the settings name cannot be read."""
    file = Path(settings.PDF_SEAL) if settings.PDF_SEAL else None
    return Sealer.of(settings.HOME, settings.CENTRE_NAME, file, settings.PDF_SEAL_PASSPHRASE)


def sealed_pdf(template: Path, data: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PDF of a Typst template with data, sealed; `at`: when it says that it was made."""
    return pdf.sealed(pdf.compiled(template, data, at), sealer())
