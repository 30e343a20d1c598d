"""The receipts of an event in one file: each as it was signed, to the byte, and a list of whose it is."""

import io
import json
import zipfile
from collections.abc import Sequence

from dijkwacht.rooms.reporting.customers.models import ProviderCustomer, ProviderEvent

EPOCH = (2026, 1, 1, 0, 0, 0)  # of every entry: the same receipts make the same file


def archive(event: ProviderEvent, customers: Sequence[ProviderCustomer]) -> bytes:
    """Return a ZIP file: `event.json`, and `receipts/NUMBER.json` for each receipt."""
    listed, held = [], io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for customer in customers:
            for receipt in customer.receipts:
                told = json.loads(receipt)["receipt"]
                _put(made, f"receipts/{told['number']}.json", receipt)
                keys = ("number", "incident", "regime", "stage", "version", "content_sha256")
                listed.append({"customer": customer.name, **{key: told.get(key) for key in keys}})
        whole = {"event": event.number, "receipts": listed}
        _put(made, "event.json", json.dumps(whole, ensure_ascii=False, indent=1))
    return held.getvalue()


def _put(made: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    made.writestr(entry, text)
