"""The model card, from what stands in the model's file: no figure in it is written by hand."""

from pathlib import Path
from typing import Final

from .datasets import KINDS
from .model import Model

TEXT: Final = Path(__file__).with_name("card.md")
NAMES: Final = {"pages": "pages", "homepages": "homepages", "platforms": "platforms and shared hosts"}


def card(model: Model) -> str:
    """Give the card in Markdown."""
    facts = model.facts
    told, recall = facts["figures"], facts["figures"]["recall"]
    rates = [f"recall at {float(rate):.2%}" for rate in recall["pages"]]
    return TEXT.read_text(encoding="utf-8").format(
        sha256=model.sha256,
        made=facts["made"],
        learned=facts["learned"],
        day=facts["day"] or "no known day",
        sources="\n".join(
            f"| {one['name']} | {one['label']} | {one['licence']} | {one['rows']:,} | `{one['sha256'][:16]}…` |"
            for one in facts["sources"]
        ),
        phishing=told["rows"]["phishing"],
        rates=" | ".join(rates),
        dashes="---|" * len(rates),
        figures="\n".join(_line(kind, told["rows"][kind], recall[kind], told["wrong"][kind]) for kind in KINDS),
        threshold=told["threshold"],
        caught=told["caught"],
    )


def _line(kind: str, rows: int, recall: dict[str, float | None], wrong: float | None) -> str:
    values = ["too few" if value is None else f"{value:.3f}" for value in recall.values()]
    told = "none measured" if wrong is None else f"{wrong:,.0f}"
    return f"| {NAMES[kind]} | {rows:,} | {' | '.join(values)} | {told} |"
