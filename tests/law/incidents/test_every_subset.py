"""Each subset of the moments under each law, against a second reading of the law that knows nothing of our tables."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import holidays
import pytest

from dijkwacht.law.incidents import IncidentRecord, due, house_regimes
from dijkwacht.law.incidents.moments import ZONE

REGIMES = house_regimes()
NAMES = (
    "occurrence", "detection", "awareness", "determination", "early_warning", "notification", "progress", "final",
    "handled",
)  # fmt: skip
SUBSETS = [frozenset(chosen) for size in range(len(NAMES) + 1) for chosen in combinations(NAMES, size)]
# The days on which the nine moments lie after 25 September 2026, 21:30 UTC: in a usual order, and in others.
WORLDS = {
    "long": (0, 1, 1.5, 2, 2.2, 4, 35, 70, 60),
    "handled in time": (0, 1, 1.5, 2, 2.2, 4, 20, 30, 21),
    "handled before the notification": (0, 1, 1.5, 2, 2.2, 4, 5, 6, 3),
    "over the end of summer time": (28, 28.9, 29, 29.1, 29.2, 30, 60, 91, 90),
    "over Christmas": (88, 89, 89.5, 90, 90.1, 90.4, 121, 153, 152),
    "final without handling after it": (0, 1, 1.5, 2, 2.2, 4, 35, 30, 60),
}
START = datetime(2026, 9, 25, 21, 30, tzinfo=UTC)


def closed(day):
    known = holidays.country_holidays("NL", years=day.year, categories=("public", "optional"))
    return day.weekday() >= 5 or day in known


def hours(moment, number):
    return moment + timedelta(hours=number)


def month(moment, at=time(23, 59, 59)):
    """The end of a month, and of the working day on which it goes on: at its end, or under DORA at noon."""
    day = moment.astimezone(ZONE).date()
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
    end = first.replace(day=min(day.day, last))
    moved = end
    while closed(moved):
        moved += timedelta(days=1)
    return datetime.combine(moved, time(23, 59, 59) if moved == end else at, ZONE)


def cbw(known):
    found = {}
    aware, notified, handled = (known.get(name) for name in ("awareness", "notification", "handled"))
    if aware:
        found |= {"early-warning": hours(aware, 24), "notification": hours(aware, 72)}
    if notified:
        found["final"] = month(notified)
    # 29(2): a progress report where it goes on when the final report is due; then the final one after the handling.
    sent = "progress" in known
    over = bool(notified and handled and handled <= month(notified))
    if notified and (sent or not (over or "final" in known)):
        found["progress"] = found["final"]
    if handled and (sent or not over):
        least = [known[name] for name in ("awareness", "early_warning") if name in known]
        in_time = not notified and least and handled <= month(max(least))
        if sent or not in_time:
            found["final-after-progress"] = month(handled)
    return found


def netcode(known):
    return {"early-warning": hours(known["awareness"], 4)} if "awareness" in known else {}


def avg(known):
    return {"notification": hours(known["awareness"], 72)} if "awareness" in known else {}


def dora(known):
    found, first = {}, []
    if "determination" in known:
        first.append(hours(known["determination"], 4))
    if "awareness" in known and known.get("determination", START) <= hours(known["awareness"], 24):
        first.append(hours(known["awareness"], 24))
    if first:
        found["early-warning"] = min(first)
    if "early_warning" in known:
        found["notification"] = hours(known["early_warning"], 72)
    if last := known.get("progress") or known.get("notification"):
        found["final"] = month(last, time(12))
    return found


def wwke(known):
    found = {"notification": hours(known["awareness"], 24)} if "awareness" in known else {}
    if first := known.get("notification") or known.get("early_warning"):
        found["final"] = month(first)
    return found


def cra(known):
    aware = known.get("awareness")
    found = {"early-warning": hours(aware, 24), "notification": hours(aware, 72)} if aware else {}
    if "notification" in known:
        found["final"] = month(known["notification"])
    return found


READINGS = {reading.__name__: reading for reading in (cbw, netcode, avg, dora, wwke, cra)}


def test_every_law_has_a_second_reading():
    assert READINGS.keys() == REGIMES.keys()


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("regime", READINGS)
def test_whichever_moments_are_known_the_list_is_that_of_the_law(regime, world):
    moments = {name: START + timedelta(days=days) for name, days in zip(NAMES, WORLDS[world], strict=True)}
    wrong = []
    for subset in SUBSETS:
        known = {name: moments[name] for name in subset}
        record = IncidentRecord.read({name: moment.isoformat() for name, moment in known.items()})
        ours = {one.stage: one.due for one in due(REGIMES[regime], record)}
        law = {stage: moment.astimezone(ZONE) for stage, moment in READINGS[regime](known).items()}
        if ours != law:
            wrong.append((sorted(subset), ours, law))
    assert not wrong, f"{len(wrong)} of {len(SUBSETS)}: {wrong[0]}"
