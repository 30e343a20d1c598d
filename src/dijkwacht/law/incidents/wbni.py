"""Reports from before the Cbw: an open one under the Wbni counts as an early warning (Cbw 95(2))."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from dijkwacht.law.incidents.moments import local
from dijkwacht.law.incidents.record import IncidentRecord

IN_FORCE: Final = date(2026, 8, 15)
ARTICLE: Final = "Cbw 95(2)"
WbniArticle = Literal["10(1)(a)", "10(1)(b)", "13", "16"]
MANDATORY: Final = frozenset({"10(1)(a)", "10(1)(b)", "13"})


@dataclass(frozen=True, slots=True)
class Carried:
    """What an old report becomes."""

    counts_as: Literal["early-warning", "", "unknown"]  # "": it stays history; "unknown": `undecided` decides
    record: IncidentRecord  # with `early_warning` at the moment the old report was made, where it counts as one
    undecided: tuple[str, ...]
    forward_to_authority: bool  # a report of 10(1)(b) goes on to the competent authority
    because_nl: str
    because_en: str
    article: str = ARTICLE


def carry_over(record: IncidentRecord, reported: datetime, *, closed: bool, wbni_article: WbniArticle) -> Carried:
    """Say what a report of before 15-08-2026 is now.

    `reported`: when it was made. `closed`: whether the incident had been closed by then. `wbni_article`: the one it was
    made under. Raises ValueError for a report of 15-08-2026 or later, or one without a time zone.
    """
    if reported.tzinfo is None:
        raise ValueError("the moment of the report needs a time zone")
    if local(reported).date() >= IN_FORCE:
        raise ValueError(f"from {IN_FORCE} on a report is made under the Cbw; enter it as one")
    if wbni_article not in MANDATORY:
        return _history(record, "Een vrijwillige melding blijft zoals zij was.", "A voluntary report stays as it was.")
    if closed:
        return _history(record, "Het incident was al afgesloten.", "The incident had been closed already.")
    if record.entity_class is None:
        return Carried(
            "unknown", record, ("entity_class",), False,
            "Of artikel 25 voor de melder geldt, is niet bekend.",
            "Whether article 25 holds for the reporter is not known.",
        )  # fmt: skip
    if record.entity_class not in {"essential", "important"}:
        return _history(
            record,
            "De melder is geen essentiële of belangrijke entiteit.",
            "The reporter is no essential or important entity.",
        )
    carried = record.model_copy(update={"early_warning": reported, "significant": True})
    return Carried(
        "early-warning", carried, (), wbni_article == "10(1)(b)",
        "De melding geldt als vroegtijdige waarschuwing; de melding van artikel 27 volgt.",
        "The report counts as an early warning; the notification of article 27 follows.",
    )  # fmt: skip


def _history(record: IncidentRecord, nl: str, en: str) -> Carried:
    return Carried("", record, (), False, nl, en)
