"""Items are gathered into matters: one line for what belongs together, joined with a trace, never parted by itself."""

import itertools
import json

import pytest
from tests.advisories.said import TAKER, analyst, csaf, cve, kev, matter_of, take

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.advisories.events import matter_changed
from dijkwacht.rooms.advisories.sourcing import actions, models, reads, rules
from dijkwacht.rooms.advisories.sourcing.errors import NoOther, NotAllowed, ReasonNeeded, SameMatter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]
A, B, C = "CVE-2026-1001", "CVE-2026-1002", "CVE-2026-1003"


def changes():
    """What is told while a test runs."""
    heard = []

    def hear(*, matter, why, **_):
        heard.append((matter, why))

    matter_changed.connect(hear, weak=False, dispatch_uid="test")
    return heard


@pytest.fixture(autouse=True)
def quiet():
    yield
    matter_changed.disconnect(dispatch_uid="test")


def test_what_several_sources_say_of_one_cve_is_one_matter():
    take(csaf("ADV-1", A), cve(A), kev(A))
    matter = matter_of(A)
    assert (matter.names, matter.items, matter.exploited_on.isoformat()) == (1, 3, "2026-11-05")
    assert matter.title == f"{A} Vulnerability"  # the catalogue's name is the best


def test_an_advisory_with_thirty_cves_is_one_matter():
    take(csaf("ADV-1", *[f"CVE-2026-{2000 + n}" for n in range(30)], title="Thirty holes in Thing"))
    matter = matter_of("CVE-2026-2000")
    assert (matter.names, matter.title) == (30, "Thirty holes in Thing")


def test_cves_that_another_advisory_names_alone_are_a_matter_of_their_own_whatever_came_first():
    found = set()
    for order in itertools.permutations([csaf("ADV-1", A, B, C), csaf("ADV-2", A)]):
        with tenancy.acting(TAKER):
            models.Vulnerability.objects.all().delete()
            models.Item.objects.all().delete()
            models.Naming.objects.all().delete()
            models.ItemVersion.objects.all().delete()
        take(*order)
        found.add((matter_of(A).id != matter_of(B).id, matter_of(B).id == matter_of(C).id))
    assert found == {(True, True)}


def test_a_later_advisory_that_bridges_two_matters_joins_them_and_leaves_a_trace():
    take(cve(A), cve(B))
    first, second = matter_of(A).id, matter_of(B).id
    assert first != second
    heard = changes()
    take(csaf("ADV-1", A, B))
    assert matter_of(A).id == matter_of(B).id
    (trace,) = [*models.Joining.objects.all()]
    assert {trace.gone, trace.into} == {first, second}
    assert models.Item.objects.get(id=trace.item_id).key.endswith("ADV-1")
    assert (matter_of(A).id, "joined") in heard
    assert Event.objects.filter(action="advisories:matter:join", object_id=str(trace.gone)).count() == 1
    with tenancy.acting(TAKER):
        gone = reads.access_matter(TAKER, trace.gone)
    assert gone.joined == trace.into  # its address leads on


def test_an_advisory_without_a_cve_joins_the_matter_of_the_cve_that_its_next_version_names():
    take(csaf("ADV-1"), cve(A), source="")
    own = models.Vulnerability.objects.exclude(name=A).get()
    assert own.name == "csaf-files:ADV-1"
    take(csaf("ADV-1", A, version="2", day=2))
    assert [row.into for row in models.Joining.objects.filter(gone=own.matter_id)] == [matter_of(A).id]
    assert matter_of(A).items == 2


def test_news_that_names_two_cves_does_not_make_them_one():
    news = f"<rss><channel><item><title>{A} and {B} this week</title><guid>1</guid></item></channel></rss>"
    take(cve(A), cve(B), news.encode())
    assert matter_of(A).id != matter_of(B).id
    assert matter_of(A).items == matter_of(B).items == 2


def test_a_matter_says_why_it_changed():
    heard = changes()
    take(cve(A))
    take(cve(A, day=2, title="Another title"))
    take(cve(A, day=3, vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"))
    take(cve(A, day=4, vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", ssvc="active"))
    take(f"#model_version:v1,score_date:2026-11-05T00:00:00Z\ncve,epss,percentile\n{A},0.6,0.9\n".encode())
    assert [why for _, why in heard] == ["new", "statements", "scores", "exploited", "scores"]
    assert matter_of(A).weight == rules.weight(exploited=False, active=True, organisations=0, epss=0.6, cvss=9.8)


def test_a_chance_that_came_before_its_cve_counts():
    take(f"cve,epss,percentile\n{A},0.6,0.9\n".encode())
    take(cve(A))
    assert matter_of(A).epss == 0.6


def test_a_person_joins_matters_with_a_reason():
    take(cve(A), cve(B))
    here, gone, actor = matter_of(A).id, matter_of(B).id, analyst()
    with tenancy.acting(actor):
        with pytest.raises(ReasonNeeded):
            actions.join(actor=actor, matter=here, other=B, reason=" ")
        with pytest.raises(SameMatter):
            actions.join(actor=actor, matter=here, other=A, reason="the same hole")
        with pytest.raises(NoOther):
            actions.join(actor=actor, matter=here, other="CVE-2099-1", reason="the same hole")
        actions.join(actor=actor, matter=here, other=B.lower(), reason="the same hole")
        assert [(row.by, row.reason) for row in reads.joinings(here)] == [(actor.id, "the same hole")]
    assert matter_of(B).id == here != gone


def test_who_may_not_write_joins_nothing():
    from tests.advisories.said import AUDITOR

    take(cve(A), cve(B))
    with tenancy.acting(AUDITOR), pytest.raises(NotAllowed):
        actions.join(actor=AUDITOR, matter=matter_of(A).id, other=B, reason="no")


def test_the_facts_of_a_matter_hold_what_is_clear_and_for_the_centre_all():
    take(cve(A, title="Open"), json.dumps(csaf("ADV-1", A, label="AMBER", title="Closed")).encode())
    with tenancy.acting(TAKER):
        matter = matter_of(A).id
        clear, every = reads.matter_facts(TAKER, matter), reads.matter_facts(TAKER, matter, every=True)
        frame = reads.statement_frame(TAKER, matters=[matter])
    assert {one.text for one in clear.vulnerabilities[0].titles} == {"Open"}
    assert {one.text for one in every.vulnerabilities[0].titles} == {"Open", "Closed"}
    assert (len(clear.statements), len(every.statements), frame.height) == (1, 2, 1)


def test_the_list_of_what_is_exploited_states_nothing_of_versions():
    take(cve(A), kev(A))
    with tenancy.acting(TAKER):
        facts = reads.matter_facts(TAKER, matter_of(A).id)
    assert [(one.product, '"version":"1"' in one.version) for one in facts.statements] == [("Thing", True)]
    assert [(one.product, one.version) for one in facts.listed] == [("Thing", "")]


def test_a_draft_holds_no_name_and_no_title_that_only_a_restricted_item_says():
    from dijkwacht.rooms.advisories.writing.drafting import draft

    closed = json.dumps(csaf("ADV-1", A, B, label="AMBER", title="Closed")).encode()
    take(cve(A, title="Open"), closed)
    with tenancy.acting(TAKER):
        matter = matter_of(A).id
        clear, every = reads.matter_facts(TAKER, matter), reads.matter_facts(TAKER, matter, every=True)
    assert (every.title, [one.name for one in every.vulnerabilities]) == ("Closed", [A, B])
    assert (clear.title, [one.name for one in clear.vulnerabilities]) == ("Open", [A])
    made = draft(clear)
    assert (made.title.en, [one.name for one in made.vulnerabilities]) == ("Open", [A])


def test_a_draft_of_what_only_a_restricted_item_says_begins_empty():
    from dijkwacht.rooms.advisories.writing.drafting import draft

    take(json.dumps(csaf("ADV-1", A, label="AMBER", title="Closed")).encode())
    with tenancy.acting(TAKER):
        made = draft(reads.matter_facts(TAKER, matter_of(A).id))
    assert (made.title.en, made.title.nl, made.vulnerabilities, made.what.en) == ("", "", (), "")


def test_statements_stand_in_a_frame_for_matching():
    from dijkwacht.rooms.advisories.statements import COLUMNS

    take(csaf("ADV-1", A), cve(A), cve(B))
    with tenancy.acting(TAKER):
        frame = reads.statement_frame(TAKER, names=[A])
    assert frame.columns == [*COLUMNS, "matter"]
    rows = sorted((row["source"], row["version"], row["notation"], row["remedy"]) for row in frame.to_dicts())
    assert rows[0][:3] == ("csaf-files", "< 2.0", "text")
    assert rows[0][3] == "Update to 2.0."
    assert rows[1][2] == "cve"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"exploited": True}, {"active": True}),
        ({"active": True}, {"epss": 0.9}),
        ({"epss": 0.9}, {"cvss": 10.0}),
        ({"organisations": 1000}, {"organisations": 10}),
        ({"cvss": 9.8}, {"cvss": 5.0}),
    ],
    ids=["exploited", "active", "epss", "organisations", "cvss"],
)
def test_what_matters_more_weighs_more(better, worse):
    nothing = {"exploited": False, "active": False, "organisations": 0, "epss": None, "cvss": None}
    assert rules.weight(**nothing | better) > rules.weight(**nothing | worse) > rules.weight(**nothing)
