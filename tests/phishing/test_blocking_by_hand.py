"""What one person may put on the list of their own accord, at the command line or on the page of the list."""

import re

import pytest
from tests.accounts.people import person
from tests.phishing.listed import ANALYST, AUDITOR, DESK

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.deciding import importing, own
from dijkwacht.rooms.phishing.deciding.models import Proposal
from dijkwacht.rooms.phishing.listing import errors as of_the_list
from dijkwacht.rooms.phishing.listing.models import Entry

OTHER = Actor(kind=Kind.PERSON, id="another analyst", roles=frozenset({CentreRole.ANALYST}))


@pytest.fixture
def desk(db):
    with tenancy.acting(DESK):
        yield


def block(name, kind="host", actor=ANALYST):
    return own.block(actor=actor, kind=kind, name=name, reason="phishing")


@pytest.mark.parametrize(
    ("problem", "kind", "name"),
    [
        (errors.NeverWhole, "host", "google.com"),
        (errors.NeverWhole, "host", "www.Google.com."),
        (errors.NeverWhole, "host", "formulieren.amsterdam.nl"),
        (errors.NeverWhole, "name", "formulieren.amsterdam.nl"),
        (errors.NeverWhole, "domain", "nos.nl"),
        (of_the_list.SharedByMany, "url", "https://nos.nl/"),
        (of_the_list.SharedByMany, "host", "t.co"),
        (of_the_list.ProtectedName, "url", "https://www.ing.nl/x"),
    ],
)
def test_one_person_warns_for_no_government_and_no_much_visited_host(desk, problem, kind, name):
    with pytest.raises(problem):
        block(name, kind)
    assert not Entry.objects.exists()


def test_a_host_of_an_imported_top_list_is_as_much_visited(desk, tmp_path):
    (tmp_path / "top.csv").write_text("1,winkel.example\n2,krant.example\n200001,klein.example\n")
    importing.take(actor=DESK, slug="top", kind="top", path=tmp_path / "top.csv", licence="CC0-1.0", source="tests")
    with pytest.raises(errors.NeverWhole):
        block("www.winkel.example")
    assert block("klein.example").blast_radius["rank"] == 200_001


def test_the_radius_of_what_one_person_warns_for_is_stored(desk):
    assert block("dief.example").blast_radius == {
        "why": "chosen",
        "rank": 0,
        "domain_rank": 0,
        "others": 0,
        "shared": 0,
        "guard": "",
    }


def test_a_domain_under_which_others_are_known_is_not_warned_for_with_all_below_it(desk, tmp_path):
    (tmp_path / "known.txt").write_text("".join(f"klant{number}.gastheer.example\n" for number in range(4)))
    importing.take(
        actor=DESK, slug="known", kind="phishing", path=tmp_path / "known.txt", licence="MIT", source="tests"
    )
    for kind in ("name", "domain"):
        with pytest.raises(errors.OthersBelow):
            block("gastheer.example", kind)
    assert block("klant1.gastheer.example").blast_radius["others"] == 3


TWO = [
    pytest.param("url", "https://nos.nl/artikel", id="page of a much visited host"),
    pytest.param("url", "https://amsterdam.nl/formulier", id="page of a government"),
    pytest.param("url", "https://t.co/AbC", id="page of a host that many share and very many visit"),
    pytest.param("host", "ing-inloggen.example", id="host that looks like a bank"),
    pytest.param("url", "https://ing-inloggen.example/x", id="page of a host that looks like a bank"),
    pytest.param("domain", "dief.example", id="whole domain"),
    pytest.param("name", "dief.example", id="whole domain under another kind"),
]


@pytest.mark.parametrize(("kind", "name"), TWO)
def test_what_takes_two_people_is_on_the_list_only_when_a_second_confirms(desk, kind, name):
    proposal = block(name, kind)
    assert isinstance(proposal, Proposal)
    assert not Entry.objects.exists()
    assert block(name, kind) == proposal, "the same person twice is one person"
    with pytest.raises(errors.SamePerson):
        own.answer(actor=ANALYST, proposal=proposal.id, agree=True, reason="ja")
    with pytest.raises(errors.ProposedAlready):
        block(name, kind, actor=OTHER)
    with pytest.raises(errors.NotAllowed):
        own.answer(actor=AUDITOR, proposal=proposal.id, agree=True, reason="ja")
    done = own.answer(actor=OTHER, proposal=proposal.id, agree=True, reason="ook gezien")
    entry = Entry.objects.get()
    assert (done.state, done.entry, entry.kind) == ("confirmed", entry, kind)
    assert entry.blast_radius == proposal.radius
    with pytest.raises(errors.ProposalOver):
        own.answer(actor=OTHER, proposal=proposal.id, agree=False, reason="nee")


@pytest.mark.parametrize(("actor", "state"), [(ANALYST, "withdrawn"), (OTHER, "refused")], ids=["own", "other"])
def test_a_proposal_that_is_refused_or_taken_back_warns_nobody_and_may_be_made_again(desk, actor, state):
    proposal = block("dief.example", "domain")
    assert own.answer(actor=actor, proposal=proposal.id, agree=False, reason="toch niet").state == state
    assert not Entry.objects.exists()
    assert block("dief.example", "domain").id != proposal.id


def test_a_second_person_confirms_nothing_that_nobody_may_warn_for_any_more(desk, tmp_path):
    proposal = block("gastheer.example", "domain")
    (tmp_path / "top.csv").write_text("1,gastheer.example\n")
    importing.take(actor=DESK, slug="top", kind="top", path=tmp_path / "top.csv", licence="CC0-1.0", source="tests")
    with pytest.raises(errors.NeverWhole):
        own.answer(actor=OTHER, proposal=proposal.id, agree=True, reason="ja")
    assert (Proposal.objects.get().state, Entry.objects.count()) == ("proposed", 0)


def test_a_name_below_a_platform_is_of_one_user_and_for_one_person_while_nobody_else_is_known_there(desk):
    assert isinstance(block("dief.github.io", "name"), Entry)


def shown(client, **asked):
    page = client.get("/phishing/entries/block", asked).content.decode()
    return page, re.search(r'name="shown" value="(\w+)"', page)[1]


def test_what_a_warning_hits_is_shown_before_anybody_may_decide(desk, client):
    client.force_login(person("analyst@centre.example", centre=[CentreRole.ANALYST]))
    sent = {"kind": "host", "name": "dief.example", "reason": "phishing"}
    assert "/phishing/entries/block?" in client.post("/phishing/entries/block", sent).url
    assert not Entry.objects.exists()
    page, mark = shown(client, kind="host", name="dief.example")
    assert "We know no other host" in page or "geen andere host" in page
    assert "/phishing/entries/" in client.post("/phishing/entries/block", sent | {"shown": mark}).url
    assert Entry.objects.get().name == "dief.example"
    assert "PostNL:" in shown(client, kind="host", name="postnl-bezorging.example")[0]


def test_what_changed_between_showing_and_deciding_is_shown_again(desk, client, tmp_path):
    client.force_login(person("analyst@centre.example", centre=[CentreRole.ANALYST]))
    sent = {"kind": "host", "name": "klein.example", "reason": "phishing"}
    _, mark = shown(client, kind="host", name="klein.example")
    (tmp_path / "top.csv").write_text("200001,klein.example\n")
    importing.take(actor=DESK, slug="top", kind="top", path=tmp_path / "top.csv", licence="CC0-1.0", source="tests")
    assert "/phishing/entries/block?" in client.post("/phishing/entries/block", sent | {"shown": mark}).url
    assert not Entry.objects.exists()
    page, _ = shown(client, kind="host", name="klein.example")
    assert "200001" in page


def test_a_proposal_waits_on_the_queue_and_its_page_has_no_confirm_for_who_made_it(desk, client):
    first, second = (person(f"{who}@centre.example", centre=[CentreRole.OFFICER]) for who in ("een", "twee"))
    client.force_login(first)
    _, mark = shown(client, kind="domain", name="dief.example")
    sent = {"kind": "domain", "name": "dief.example", "reason": "phishing", "shown": mark}
    where = client.post("/phishing/entries/block", sent).url
    assert 'value="yes"' not in client.get(where).content.decode()
    client.post(where, {"agree": "yes", "reason": "ja"})
    assert not Entry.objects.exists()
    client.force_login(second)
    assert where in client.get("/phishing/queue").content.decode()
    page = client.get(where).content.decode()
    assert 'value="yes"' in page
    assert f"<bdi>{first.name or first.email}</bdi>" in page
    client.post(where, {"agree": "yes", "reason": "ja"})
    assert Entry.objects.get().kind == "domain"
    assert where in client.get(f"/phishing/entries/{Entry.objects.get().id}").content.decode()


def test_who_may_not_decide_hears_that_first(desk):
    with pytest.raises(errors.NotAllowed):
        block("google.com", actor=AUDITOR)


@pytest.mark.parametrize("slug", ["", "../top", "Top", "a" * 41, "top\n"])
def test_a_list_has_a_short_name(desk, tmp_path, slug):
    (tmp_path / "top.csv").write_text("1,winkel.example\n")
    with pytest.raises(errors.ListName):
        importing.take(actor=DESK, slug=slug, kind="top", path=tmp_path / "top.csv", licence="MIT", source="tests")


def test_a_line_as_long_as_a_file_is_not_understood_and_the_others_are(desk, tmp_path):
    (tmp_path / "list.txt").write_text(f'dief.example\n{"x" * 200_000}.example\n"{"y" * 200_000}\nboef.example\n')
    known, left = importing.take(
        actor=DESK, slug="x", kind="phishing", path=tmp_path / "list.txt", licence="MIT", source="tests"
    )
    assert (known.rows, left) == (2, 2)
