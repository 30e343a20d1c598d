"""The three things that can be tried on a past day: a policy, a text, a register; and how each is put in force."""

import datetime as dt
import io
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from dijkwacht.data.index import build_index
from dijkwacht.data.retro import attribute_partitions
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.kernel.errors import Problem
from dijkwacht.law.decide import Court
from dijkwacht.law.policies import HOUSE, InvalidPolicies, PolicySet
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import courses, deciding, reading, receivers
from dijkwacht.rooms.notification.errors import InvalidProposal
from dijkwacht.rooms.notification.models import Event, Notice
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.frame import registry_frame
from dijkwacht.rooms.registry.models import Organisation

TRIER: Final = system("notification:what-if")
SHOWN: Final = 500  # differences listed; all are counted
_POLICY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.cedar")
_TEXT: Final = re.compile(r"(kinds/|rsit/)?[a-z0-9][a-z0-9.-]{0,100}\.[a-z]{2}\.md|default\.[a-z]{2}\.md")


class Span(NamedTuple):
    """The stretch of time it is tried on."""

    start: dt.datetime
    end: dt.datetime


class Subject(Protocol):
    """Something that can be proposed."""

    def current(self, name: str) -> str:
        """What is in force now."""

    def check(self, name: str, content: str) -> None:
        """Raise InvalidProposal when it could never be put in force."""

    def difference(self, name: str, content: str, span: Span) -> dict[str, Any]:
        """What would have differed, as JSON values."""

    def put_in_force(self, actor: Actor, name: str, content: str) -> None:
        """Let it in."""


class Policy:
    """A file of policies."""

    def current(self, name: str) -> str:
        return _text_of(_policies() / _safe(_POLICY, name))

    def check(self, name: str, content: str) -> None:
        _proposed(name, content)

    def difference(self, name: str, content: str, span: Span) -> dict[str, Any]:
        after = Court(_proposed(name, content))
        with tenancy.acting(TRIER):
            matters = _matters(span)
            known = receivers.load({matter.organisation for matter in matters}, span.end.date())
            on = timezone.localdate(span.end)
            old, new = deciding.trial(matters, known, on), deciding.trial(matters, known, on, after)
            changed = [matter for matter in matters if _ends(old[matter]) != _ends(new[matter])]
            names = _names(old, new)
        lines = [
            {
                "organisation": known[matter.organisation].name,
                "feed": matter.feed,
                "kind": matter.kind,
                "events": matters[matter],
                "before": _ways(old[matter], names),
                "after": _ways(new[matter], names),
            }
            for matter in changed
        ]
        return {
            "policy_set_before": deciding.court().policies.hash,
            "policy_set_after": after.policies.hash,
            "matters": len(matters),
            "changed": len(changed),
            "events_changed": sum(matters[matter] for matter in changed),
            "told_before": sum(number for matter, number in matters.items() if old[matter]),
            "told_after": sum(number for matter, number in matters.items() if new[matter]),
            "lines": sorted(lines, key=lambda line: (-int(str(line["events"])), str(line["organisation"])))[:SHOWN],
        }

    def put_in_force(self, actor: Actor, name: str, content: str) -> None:  # noqa: ARG002 - the caller records who
        """Write the file into the installation's folder, which holds a whole set: ours is copied there first."""
        folder = deciding.overlay()
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".policies-", dir=folder.parent))
            for part in ("policies", "tables"):
                shutil.copytree(HOUSE / part, draft / part, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(HOUSE / "schema.cedarschema", draft)
            _write(draft / "policies" / name, content)
            draft.chmod(0o755)
            draft.rename(folder)
        else:
            _write(folder / "policies" / name, content)


def _policies() -> Path:
    return (deciding.policy_folder() or HOUSE) / "policies"


def _proposed(name: str, content: str) -> PolicySet:
    """The set in force with one file replaced or added. Raises InvalidProposal."""
    _safe(_POLICY, name)
    house = deciding.policy_folder() or HOUSE
    texts = {path.name: path.read_text("utf-8") for path in sorted((house / "policies").glob("*.cedar"))}
    try:
        base = PolicySet.load(deciding.policy_folder())
        return PolicySet.from_texts({**texts, name: content}, schema=base.schema, tables=base.tables)
    except InvalidPolicies as problem:
        raise InvalidProposal(reason_nl=problem.text("nl"), reason_en=problem.text("en")) from problem


def _matters(span: Span) -> Counter[deciding.Matter]:
    rows = (
        Event.objects.filter(at__gte=span.start, at__lt=span.end, decision__isnull=False)
        .values_list("organisation_id", "finding__feed", "finding__kind", "finding__how")
        .annotate(n=Count("id"))
        .order_by()
    )
    return Counter({deciding.Matter(*row[:4]): row[4] for row in rows})


def _ends(ways: tuple[deciding.Way, ...]) -> set[tuple[str, UUID]]:
    return {(way.route, way.receiver) for way in ways}


def _names(*outcomes: Mapping[deciding.Matter, tuple[deciding.Way, ...]]) -> dict[UUID, str]:
    wanted = {way.receiver for outcome in outcomes for ways in outcome.values() for way in ways}
    return dict(Organisation.objects.filter(id__in=wanted).values_list("id", "name"))


def _ways(ways: tuple[deciding.Way, ...], names: Mapping[UUID, str]) -> list[dict[str, str]]:
    return [{"route": way.route, "receiver": names[way.receiver]} for way in ways]


class Text:
    """A course of action."""

    def current(self, name: str) -> str:
        _safe(_TEXT, name)
        return _text_of(Path(settings.COURSES_FOLDER) / name) or _text_of(courses.SHIPPED / name)

    def check(self, name: str, content: str) -> None:
        self._rendered(name, content)

    def difference(self, name: str, content: str, span: Span) -> dict[str, Any]:
        before, after = self.current(name), content
        old = self._rendered(name, before, lenient=True) if before else ("", "", "")
        new = self._rendered(name, after)
        kind = Path(name).name.split(".")[0] if name.startswith("kinds/") else ""
        with tenancy.acting(TRIER):
            notices = Notice.objects.filter(
                created_at__gte=span.start, created_at__lt=span.end, language=Path(name).stem.rpartition(".")[2]
            )
            used = notices.filter(kinds__contains=[kind]).count() if kind else None
        return {
            "before": {"title": old[0], "text": old[1], "html": old[2]},
            "after": {"title": new[0], "text": new[1], "html": new[2]},
            "notices": used,  # none: the kinds that fall back to it are not counted
        }

    def _rendered(self, name: str, content: str, *, lenient: bool = False) -> tuple[str, str, str]:
        """Title, text and HTML as a mail would show them. Raises InvalidProposal with what is wrong."""
        _safe(_TEXT, name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, "utf-8")
            if (wrong := courses.faults(Path(folder))) and not lenient:
                raise InvalidProposal(reason_nl="; ".join(wrong)[:1000], reason_en="; ".join(wrong)[:1000])
        title, _, body = content.partition("\n")
        return (title.removeprefix("# ").strip(), *courses.rendered(body))

    def put_in_force(self, actor: Actor, name: str, content: str) -> None:  # noqa: ARG002 - the caller records who
        _write(Path(settings.COURSES_FOLDER) / _safe(_TEXT, name), content)


class Register:
    """Rows of the register, as the registry imports them."""

    def current(self, name: str) -> str:  # noqa: ARG002 - a register is proposed by its rows alone
        return ""

    def check(self, name: str, content: str) -> None:
        """Every row must be right: half a register is no proposal."""
        with tenancy.acting(TRIER):
            report = _imported(TRIER, name, content, try_only=True)
        if report.refused or not report.rows:
            first = next(iter(report.refusals), None)
            raise InvalidProposal(
                reason_nl=f"rij {first.line}: {first.reason_nl}" if first else "er zijn geen rijen",
                reason_en=f"row {first.line}: {first.reason_en}" if first else "there are no rows",
            )

    def difference(self, name: str, content: str, span: Span) -> dict[str, Any]:
        """Attribute the day's observations to the register as it is and as it would be."""
        with tenancy.acting(TRIER):
            before = registry_frame()
            after = _frame_after(name, content)
        paths = reading.observations().paths(timezone.localdate(span.start), timezone.localdate(span.end))
        old, new = (_findings(paths, frame) for frame in (before, after))
        both = old.join(new, on=("organisation_id", "kind"), how="full", coalesce=True, suffix="_after").fill_null(0)
        changed = both.filter(pl.col("n") != pl.col("n_after")).sort("n_after", "organisation_id", descending=True)
        with tenancy.acting(TRIER):
            wanted = changed["organisation_id"].unique().to_list()
            names = {
                str(key): name for key, name in Organisation.objects.filter(id__in=wanted).values_list("id", "name")
            }
        return {
            "assets_before": before.height,
            "assets_after": after.height,
            "findings_before": int(both["n"].sum()),
            "findings_after": int(both["n_after"].sum()),
            "changed": changed.height,
            "lines": [
                {"organisation": names.get(owner, owner), "kind": kind, "before": was, "after": becomes}
                for owner, kind, was, becomes in changed.head(SHOWN).iter_rows()
            ],
        }

    def put_in_force(self, actor: Actor, name: str, content: str) -> None:
        _imported(actor, name, content, try_only=False)


def _imported(actor: Actor, name: str, content: str, *, try_only: bool) -> Any:
    file = name if name.endswith((".csv", ".json")) else f"{name}.csv"
    try:
        return registry.import_file(
            actor=actor, file=io.BytesIO(content.encode()), name=file, evidence="proposal", try_only=try_only
        )
    except Problem as problem:
        raise InvalidProposal(reason_nl=problem.text("nl"), reason_en=problem.text("en")) from problem


def _frame_after(name: str, content: str) -> pl.DataFrame:
    """The register as it would be: imported for real, looked at, and undone, jobs and audit rows with it."""
    with transaction.atomic():
        _imported(TRIER, name, content, try_only=False)
        frame = registry_frame()
        transaction.set_rollback(True)
    return frame


def _findings(paths: list[Path], register: pl.DataFrame) -> pl.DataFrame:
    """Findings per organisation and kind that these observations give under a register."""
    index = build_index(register)
    found = attribute_partitions(paths, index, salt=reading.secret())
    owners = index.registry.with_row_index("row").select(pl.col("row").alias("asset"), "organisation_id")
    joined = found.join(owners, on="asset").group_by("organisation_id", "kind").agg(pl.len().alias("n"))
    return joined.with_columns(pl.col("n").cast(pl.Int64))


def _safe(pattern: re.Pattern[str], name: str) -> str:
    """A name that is one of ours and no way out of its folder. Raises InvalidProposal."""
    if not pattern.fullmatch(name) or ".." in name:
        raise InvalidProposal(reason_nl="de naam is geen bestand van deze soort", reason_en="the name is no such file")
    return name


def _text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _write(path: Path, content: str) -> None:
    """Replace a file whole, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(content.replace("\r\n", "\n"))
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(0o644)
    Path(draft).replace(path)
