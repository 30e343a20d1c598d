"""The form for when the network is down: one file that works by itself, and the file it makes, to hand in later."""

from functools import cache
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from dijkwacht.kernel import strict_json
from dijkwacht.rooms.reporting.errors import InvalidValue
from dijkwacht.rooms.reporting.forms import StageForm, language
from dijkwacht.rooms.reporting.questions import MATTER, QUESTIONS, STAGES
from dijkwacht.rooms.reporting.rules import Stage

FORMAT: Final = "dijkwacht/offline-report/1"
NAME: Final = "entity_name"  # of whoever reports without account; with one the register says it
LARGEST: Final = 256 * 1024  # bytes
STAGE: Final = Stage.EARLY_WARNING


def form() -> str:
    """Return the form as one HTML file in the reader's language, with nothing in it that must be fetched."""
    return _form(language())


@cache
def _form(spoken: str) -> str:
    made = StageForm(STAGE, {MATTER: "incident"})
    reach = {"address": f"{settings.BASE_URL}/report", "phone": settings.DUTY_PHONE, "mail": settings.REPORTS_MAIL}
    return render_to_string(
        "reporting/offline_form.html", {"form": made, "format": FORMAT, "language": spoken, **reach}
    )


def answers(content: bytes) -> dict[str, str]:
    """Return the answers in a file that the form made, as typed. Raises InvalidValue for any other file."""
    try:
        given: Any = strict_json.loads(content.decode("utf-8")) if len(content) <= LARGEST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or given.get("format") != FORMAT or not isinstance(given.get("answers"), dict):
        raise InvalidValue(
            field="file",
            reason_nl="het is geen bestand van ons offlineformulier",
            reason_en="it is no file of our form",
        )
    return {
        name: value.replace("\0", "")[: 200 if name == NAME else QUESTIONS[name].longest + 1]
        for name, value in given["answers"].items()
        if name in {*STAGES[STAGE].names, NAME} and isinstance(value, str)
    }
