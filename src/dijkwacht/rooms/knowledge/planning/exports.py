"""A plan as JSON, as an accessible PDF (PDF/UA-1), and as an OSCAL plan of action and milestones."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dijkwacht.platform import pdf as printed
from dijkwacht.rooms.knowledge import frameworks, markdown
from dijkwacht.rooms.knowledge.planning.reads import Plan, Row
from dijkwacht.rooms.knowledge.templatetags.knowledge_words import effort_word, size_word, status_word

TEMPLATE: Final = Path(__file__).with_name("plan.typ")
OSCAL: Final = "1.2.3"
SPACE: Final = uuid.UUID("5b2b9f1e-6d6c-5a57-9c1b-9f4f0e8a7d11")  # of the identifiers below, so that they stay the same


def as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as data."""
    return {
        "organisation": str(plan.organisation.id),
        "size": plan.size,
        "on": str(plan.today),
        "rule": "effect * gap * (1 + happening) / effort",
        "scans": {
            slug: {"taken_at": one.taken_at.isoformat(), "version": one.version, "answers": one.answers}
            for slug, one in plan.scans.items()
        },
        "lines": [_line(row) for row in plan.rows],
    }


def _line(row: Row) -> dict[str, Any]:
    item, line, measure = row.item, row.line, row.measure
    return {
        "measure": measure.slug,
        "title": {"nl": measure.nl.title, "en": measure.en.title},
        "status": row.status,
        "owner": item.owner if item else "",
        "due": str(item.due) if item and item.due else None,
        "note": item.note if item else "",
        "version": item.version if item else 0,
        "effect": measure.effect,
        "gap": line.gap if line else 0.0,
        "effort": line.effort if line else None,
        "happening": line.level if line else 0,
        "score": round(line.score, 3) if line else 0.0,
        "maps": {one.framework.code: list(one.points) for one in frameworks.mapped(measure) if one.points},
    }


def pdf(plan: Plan, language: str) -> bytes:
    """Return a plan as PDF in Dutch or English. What people wrote goes in as data, never as markup."""
    with translation.override(language):
        data = _content(plan, language)
    return printed.compiled(TEMPLATE, data, timezone.now())


def _content(plan: Plan, language: str) -> dict[str, Any]:
    day = plan.today.strftime("%d-%m-%Y")
    return {
        "language": language,
        "centre": settings.CENTRE_NAME,
        "title": _("Plan of %(name)s") % {"name": plan.organisation.name},
        "lead": _("As it stood on %(day)s, for an organisation of this size: %(size)s.")
        % {"day": day, "size": size_word(plan.size)},
        "rule": _("What helps most for its effort comes first. How the order is made stands on the page of sources."),
        "parts": [
            {"title": title, "rows": [_printed(row, plan, language) for row in rows]}
            for title, rows in ((_("To do"), plan.todo), (_("Done or dropped"), plan.finished))
            if rows
        ],
    }


def _printed(row: Row, plan: Plan, language: str) -> dict[str, Any]:
    text, item = row.measure.text(language), row.item
    facts = [
        (_("Status"), status_word(row.status)),
        (_("Effort"), effort_word(row.measure.effort[plan.size])),
        (_("Who"), item.owner if item else ""),
        (_("Finish by"), item.due.strftime("%d-%m-%Y") if item and item.due else ""),
        (_("Note"), item.note if item else ""),
    ]
    return {
        "title": text.title,
        "summary": text.summary,
        "steps": markdown.plain(text.steps[plan.size]).split("\n"),
        "facts": [{"name": name, "value": value} for name, value in facts if value],
    }


def oscal(plan: Plan) -> dict[str, Any]:
    """Return a plan as an OSCAL 1.2 plan of action and milestones (NIST): what is to be done, with its milestones."""
    who = plan.organisation
    changed = max((row.item.changed_at for row in plan.rows if row.item), default=timezone.now())
    return {
        "plan-of-action-and-milestones": {
            "uuid": _id(who.id, f"poam:{changed.isoformat()}"),
            "metadata": {
                "title": f"Plan of {_on_one_line(who.name)}",
                "last-modified": _moment(changed),
                "version": f"{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}",
                "oscal-version": OSCAL,
                "parties": [{"uuid": _known(who.id), "type": "organization", "name": _on_one_line(who.name)}],
            },
            "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": str(who.id)},
            "risks": [_risk(row, who.id) for row in plan.todo] or None,
            "poam-items": [_poam_item(row, who.id) for row in plan.todo] or [_nothing(who.id)],
        }
    }


def _poam_item(row: Row, who: uuid.UUID) -> dict[str, Any]:
    points = [(one.framework.code, point) for one in frameworks.mapped(row.measure) for point in one.points]
    return {
        "uuid": _id(who, f"item:{row.measure.slug}"),
        "title": row.measure.en.title,
        "description": row.measure.en.summary,
        "props": [
            {"name": "status", "ns": f"{settings.BASE_URL}/knowledge", "value": row.status},
            *({"name": code, "ns": f"{settings.BASE_URL}/knowledge", "value": point} for code, point in points),
        ],
        "related-risks": [{"risk-uuid": _id(who, f"risk:{row.measure.slug}")}],
    }


def _risk(row: Row, who: uuid.UUID) -> dict[str, Any]:
    item, slug = row.item, row.measure.slug
    made: dict[str, Any] = {
        "uuid": _id(who, f"risk:{slug}"),
        "title": row.measure.en.title,
        "description": row.measure.en.summary,
        "statement": "What the measure prevents can still happen, as far as it lacks.",
        "status": "open" if row.status == "open" else "remediating",
        "remediations": [
            {
                "uuid": _id(who, f"response:{slug}"),
                "lifecycle": "planned",
                "title": row.measure.en.title,
                "description": (item.note if item else "") or row.measure.en.summary,
            }
        ],
    }
    if item and item.due:
        made["deadline"] = f"{item.due.isoformat()}T23:59:59Z"
    return made


def _nothing(who: uuid.UUID) -> dict[str, Any]:
    """OSCAL asks for at least one item; then there is nothing to do, and it says so."""
    return {"uuid": _id(who, "nothing"), "title": "Nothing to do", "description": "No measure lacks in the self-scans."}


def without_nothing(value: Any) -> Any:
    """Leave out what is not there: OSCAL knows no null."""
    if isinstance(value, dict):
        return {name: without_nothing(one) for name, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def _id(who: uuid.UUID, name: str) -> str:
    """Return a version 5 identifier that stays the same for the same thing; OSCAL takes versions 4 and 5."""
    return str(uuid.uuid5(SPACE, f"{who}:{name}"))


def _known(who: uuid.UUID) -> str:
    """Return the identifier of an organisation as it is, where OSCAL takes its version; else one made of it."""
    return str(who) if who.version in (4, 5) else _id(who, "party")


def _on_one_line(text: str) -> str:
    """Return a name as OSCAL takes one: on one line, no space before or after. A register may have it otherwise."""
    return " ".join(text.split())


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
