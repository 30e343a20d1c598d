"""Accessible PDFs (PDF/UA-1, tagged) from a Typst template and data; and a seal on them. No Django.

Text of strangers is data, never markup: a template reads it from one input, and the compiler may read no other folder.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from dijkwacht.platform import sealing

INPUT: Final = "data"  # sys.inputs.data in a template


def compiled(template: Path, data: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PDF of a template with data that JSON can hold; `at`: when it says that it was made."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.typ"
        page.write_bytes(template.read_bytes())
        made = typst.compile(
            str(page),
            root=folder,
            sys_inputs={INPUT: json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            timestamp=int(at.timestamp()),
        )
    return bytes(made)


def sealed(pdf: bytes, sealer: sealing.Sealer) -> bytes:
    """Return a PDF with the centre's signature in it (PAdES, ETSI EN 319 142-1): a PDF reader tells of any change."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    how = signers.PdfSignatureMetadata(field_name="Seal", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), how, signer=sealer.signer())
    return bytes(out.getvalue())
