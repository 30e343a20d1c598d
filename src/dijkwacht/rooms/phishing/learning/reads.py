"""What the model says of a URL, for the order of the queue; and what people confirmed, for the next model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from dijkwacht.rooms.phishing.campaigns.models import Campaign

from .model import Model, UnreadableModelError, load

log = structlog.get_logger()
CONFIRMED: Final = {"phishing": "phishing", "legitimate": "legitimate"}
_held: dict[tuple[Path, int], Model | None] = {}


def score(url: str) -> float | None:
    """Give how high a clean URL ranks, between 0 and 1; None where no model is installed. It never decides."""
    held = _installed()
    return float(held.scores([url])[0]) if held is not None else None


def _installed() -> Model | None:
    """Give the model of this installation, read again when its file changed."""
    path = settings.HOME / "models" / "phishing-urls.npz"
    try:
        known = (path, path.stat().st_mtime_ns)
    except OSError:
        return None
    if known not in _held:
        _held.clear()
        try:
            _held[known] = load(path)
        except (UnreadableModelError, OSError) as error:
            log.warning("the model of URLs cannot be used; the queue is not ranked by it", error=str(error))
            _held[known] = None
    return _held[known]


def confirmed_by_people() -> Iterator[tuple[str, str, str]]:
    """Give URL, day and label of the links of campaigns that a person judged; never what a job decided by itself."""
    judged = (
        Campaign.objects.filter(verdict__in=CONFIRMED).exclude(judged_by="").exclude(judged_by__startswith="system:")
    )
    for campaign in judged.order_by("judged_at", "id").iterator():
        day = campaign.judged_at.date().isoformat() if campaign.judged_at else ""
        for one in campaign.analysis.get("links", []):
            if one["link"]["where"] != "resource" and one["scope"]["why"] != "own":
                yield one["link"]["clean"], day, CONFIRMED[campaign.verdict]
