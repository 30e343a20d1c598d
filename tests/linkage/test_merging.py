"""Registers become organisations, people answer what is not certain, and every step can be undone."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.people import ANALYST, OFFICER, administrator

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.linkage import actions, reads, work
from dijkwacht.rooms.linkage.errors import NotAllowed, NotFound, UnusableMapping, WrongState
from dijkwacht.rooms.linkage.models import Joining, Merge, Origin, Pair, SourceRecord, Verdict
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation

pytestmark = pytest.mark.django_db
AUDITOR = Actor(kind=Kind.PERSON, id="auditor", roles=frozenset({CentreRole.AUDITOR}))
MAPPING = b"""
[columns]
name = "name"
kvk = "kvk"
email = "email"
phone = "phone"
street = "street"
postcode = "postcode"
website = "website"
changed = "changed"
"""
HEADER = "name,kvk,email,phone,street,postcode,website,changed"
REACHED = "info@korenaar.example,010-0123456,Dorpsstraat 12,1234 AB,korenaar.example"
BAKERY = f"Bakkerij De Korenaar B.V.,41234567,{REACHED},{{}}"
HOLDING = f"Bakkerij De Korenaar Holding B.V.,,{REACHED},2020-01-01"
ALONE = "Stichting Natuur Zuiderveen,51234567,post@natuur.example,020-0123456,Kade 1,9876 XY,natuur.example,2020-01-01"


@pytest.fixture(autouse=True)
def scope():
    with tenancy.acting(OFFICER):
        yield


def csv(*rows):
    return "\n".join((HEADER, *rows)).encode()


def hand_in(**files):
    named = [(f"{name}.csv", [content]) for name, content in files.items()]
    merge = actions.hand_in(actor=OFFICER, title="", mapping=MAPPING, files=named)
    work.link(merge.id)
    merge.refresh_from_db()
    return merge


def applied(**files):
    merge = hand_in(**files)
    assert merge.state == Merge.State.READY, merge.fault_en
    actions.apply_merge(actor=OFFICER, merge=merge.id)
    work.apply(merge.id)
    merge.refresh_from_db()
    assert merge.state == Merge.State.APPLIED, merge.fault_en
    return merge


def two_registers():
    return applied(dtc=csv(BAKERY.format("2019-05-01"), ALONE), ncsc=csv(BAKERY.format("2024-05-01"), HOLDING))


def test_a_dry_run_tells_what_would_happen_and_changes_nothing():
    merge = hand_in(dtc=csv(BAKERY.format("2019-05-01"), ALONE), ncsc=csv(BAKERY.format("2024-05-01"), HOLDING))
    assert merge.report["counts"] == {"records": 4, "new": 3, "joined": 0, "merged": 2, "review": 2}
    assert Organisation.objects.count() == 0
    assert SourceRecord.objects.get(source="ncsc", row=2).raw["name"].endswith("Holding B.V.")


def test_applying_makes_one_organisation_of_two_records_and_says_where_each_field_comes_from():
    two_registers()
    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        "Bakkerij De Korenaar B.V.", "Bakkerij De Korenaar Holding B.V.", "Stichting Natuur Zuiderveen",
    ]  # fmt: skip
    bakery = Organisation.objects.get(kvk="41234567")
    assert {(one.source, one.row) for one in reads.records_of(OFFICER, bakery.id)} == {("dtc", 1), ("ncsc", 1)}
    assert {one.field for one in reads.origins_of(AUDITOR, bakery.id)} == {"name", "kvk", "email", "phone"}
    assert Contact.objects.get(organisation=bakery).email == "info@korenaar.example"


def test_the_record_changed_last_decides_when_records_differ():
    older = BAKERY.format("2019-05-01").replace("info@", "oud@")
    applied(dtc=csv(older), ncsc=csv(BAKERY.format("2024-05-01")))
    origin = Origin.objects.get(field="email")
    assert (origin.value, origin.record.source, origin.rule) == ("info@korenaar.example", "ncsc", "recent")


def test_what_is_not_certain_waits_and_an_answer_is_never_asked_again():
    merge = two_registers()
    first, second = reads.pairs_for(OFFICER)
    assert {first.against, second.against} == {"group"}
    for pair in (first, second):
        actions.answer_pair(actor=OFFICER, pair=pair.id, answer="different", reason="a holding")
    with pytest.raises(WrongState):
        actions.answer_pair(actor=OFFICER, pair=first.id, answer="same")
    again = hand_in(dtc=csv(BAKERY.format("2019-05-01"), ALONE), ncsc=csv(BAKERY.format("2024-05-01"), HOLDING))
    assert again.report["counts"] == {"records": 4, "new": 0, "joined": 3, "merged": 2, "review": 0}
    assert merge.pairs.filter(answer="").count() == 0


def test_a_dry_run_that_does_not_know_what_was_applied_since_is_not_applied():
    first, second = hand_in(dtc=csv(BAKERY.format("2019-05-01"))), hand_in(ncsc=csv(BAKERY.format("2024-05-01")))
    actions.apply_merge(actor=OFFICER, merge=first.id)
    for _ in ("while it is being applied", "after that"):
        with pytest.raises(WrongState, match="other registers were applied"):
            actions.apply_merge(actor=OFFICER, merge=second.id)
        work.apply(first.id)
    assert Organisation.objects.count() == 1


def test_registers_of_every_format_come_in(registers):
    files = [
        (path.name, [path.read_bytes()]) for path in sorted(registers.iterdir()) if path.suffix in {".csv", ".xlsx"}
    ]
    files = [one for one in files if one[0] != "truth.csv"]
    merge = actions.hand_in(actor=OFFICER, title="", mapping=(registers / "mapping.toml").read_bytes(), files=files)
    work.link(merge.id)
    merge.refresh_from_db()
    assert merge.fault_en == ""
    assert merge.report["by_source"] == {"businesses": 2000, "national": 1200, "providers": 30}
    actions.apply_merge(actor=OFFICER, merge=merge.id)
    work.apply(merge.id)
    merge.refresh_from_db()
    assert merge.report["applied"]["created"] == Organisation.objects.count() == merge.report["counts"]["new"]
    assert not SourceRecord.objects.filter(organisation=None).exists()


def test_i_do_not_know_is_an_answer_too():
    two_registers()
    for pair in reads.pairs_for(OFFICER):
        actions.answer_pair(actor=OFFICER, pair=pair.id, answer="unknown")
    assert not reads.pairs_for(OFFICER).exists()
    assert Organisation.objects.filter(active=True).count() == 3


def test_a_register_that_comes_later_joins_what_stands_in_the_registry():
    made = registry.create_organisation(actor=OFFICER, name="Bakkerij de Korenaar BV", kvk="41234567")
    registry.claim_asset(actor=OFFICER, organisation=made.id, kind="domain", value="korenaar.example")
    merge = applied(dtc=csv(BAKERY.format("2019-05-01")))
    assert merge.report["counts"]["joined"] == 1
    made.refresh_from_db()
    assert made.name == "Bakkerij de Korenaar BV", "what a person wrote by hand is never replaced"
    assert SourceRecord.objects.get().organisation_id == made.id


def test_two_organisations_of_the_registry_are_never_joined_without_a_person():
    for _ in range(2):
        registry.create_organisation(actor=OFFICER, name="Bakkerij De Korenaar", kvk="41234567")
    applied(dtc=csv(BAKERY.format("2019-05-01")))
    assert Organisation.objects.filter(active=True).count() == 2


def picture():
    """All that a joining may touch, as rows."""
    tables = {
        "organisations": Organisation.objects.values("id", "name", "kvk", "rsin", "active", "classification"),
        "assets": Asset.objects.values("uid", "organisation_id", "kind", "value", "status", "evidence"),
        "contacts": Contact.objects.values("id", "organisation_id", "email", "role", "order"),
        "mandates": Mandate.objects.values("id", "relay_id", "member_id", "status"),
        "people": OrganisationMembership.objects.values("id", "user_id", "organisation_id", "role"),
        "records": SourceRecord.objects.values("id", "organisation_id", "fields", "raw"),
        "origins": Origin.objects.values("organisation_id", "field", "value", "record_id", "rule"),
    }
    return {name: sorted(map(str, rows)) for name, rows in tables.items()}


def organisation(name, *, domains=(), mails=(), relays=(), kvk=None):
    made = registry.create_organisation(actor=OFFICER, name=name, kvk=kvk)
    for domain in domains:
        registry.claim_asset(actor=OFFICER, organisation=made.id, kind="domain", value=domain)
    for mail in mails:
        registry.add_contact(actor=OFFICER, organisation=made.id, email=mail)
    for relay in relays:
        registry.add_mandate(actor=OFFICER, relay=relay.id, member=made.id, informations=["victim"])
    return made


def test_joining_moves_what_the_future_needs_and_undoing_puts_all_back(django_user_model):
    relay = registry.create_organisation(actor=OFFICER, name="Relay", kind="relay")
    kept = organisation("Een", domains=["een.example", "beide.example"], mails=["a@een.example"], relays=[relay])
    gone = organisation("Twee", domains=["twee.example"], mails=["b@twee.example"], relays=[relay], kvk="41234567")
    user = django_user_model.objects.create(email="x@twee.example")
    OrganisationMembership.objects.create(user=user, organisation_id=gone.id, role="administrator")
    before = picture()
    joining = actions.join_organisations(actor=OFFICER, kept=kept.id, gone=gone.id, reason="one legal person")
    assert set(Asset.objects.filter(organisation=kept).values_list("value", flat=True)) == {
        "een.example", "beide.example", "twee.example",
    }  # fmt: skip
    assert Contact.objects.filter(organisation=kept).count() == 2
    assert Mandate.objects.filter(member=gone).count() == 1, (
        "the kept one has a running mandate with that relay already"
    )
    assert OrganisationMembership.objects.filter(user=user).count() == 2
    gone.refresh_from_db()
    assert not gone.active
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="they are two")
    assert picture() == before
    with pytest.raises(WrongState):
        actions.undo_joining(actor=OFFICER, joining=joining.id, reason="again")


def test_what_a_person_changed_since_is_left_alone_by_undoing():
    two_registers()
    pair = reads.pairs_for(OFFICER).first()
    actions.answer_pair(actor=OFFICER, pair=pair.id, answer="same")
    joining = Joining.objects.get()
    registry.update_organisation(actor=OFFICER, organisation=joining.kept_id, name="Door een mens")
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two")
    assert Organisation.objects.get(id=joining.kept_id).name == "Door een mens"
    assert Organisation.objects.filter(active=True).count() == 3
    assert Verdict.objects.get(low__in=[pair.first.fingerprint, pair.second.fingerprint]).answer == "different"


names = st.sampled_from(["Een", "Twee", "Drie"])
parts = st.lists(st.sampled_from(["p", "q", "r"]), unique=True, max_size=3)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=parts, second=parts, kvk=st.sampled_from([None, "41234567"]), other=st.sampled_from([None, "51234567"]))
def test_joining_and_undoing_gives_the_same_state(first, second, kvk, other):
    made = [
        organisation(
            f"Org {at}", domains=[f"{x}.example" for x in some], mails=[f"{x}@{at}.example" for x in some], kvk=no
        )
        for at, (some, no) in enumerate(((first, kvk), (second, other)))
    ]
    before = picture()
    joining = actions.join_organisations(actor=OFFICER, kept=made[0].id, gone=made[1].id, reason="x")
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="x")
    assert picture() == before


def test_joining_and_undoing_organisations_of_registers_gives_the_same_state():
    two_registers()
    before = picture()
    actions.answer_pair(actor=OFFICER, pair=reads.pairs_for(OFFICER).first().id, answer="same")
    assert picture() != before
    actions.undo_joining(actor=OFFICER, joining=Joining.objects.get().id, reason="two")
    assert picture() == before


def test_a_record_taken_apart_stays_apart_when_its_register_comes_again():
    two_registers()
    record = SourceRecord.objects.get(source="ncsc", row=1)
    old = record.organisation_id
    made = actions.take_apart(actor=OFFICER, source_record=record.uid, reason="two shops")
    record.refresh_from_db()
    assert record.organisation_id == made != old
    again = hand_in(ncsc=csv(BAKERY.format("2024-05-01")))
    assert SourceRecord.objects.get(merge=again, source="ncsc", row=1).joins == made
    with pytest.raises(WrongState):
        actions.take_apart(actor=OFFICER, source_record=record.uid, reason="nothing left")


def test_only_officers_merge_and_auditors_read():
    merge = two_registers()
    pair = reads.pairs_for(OFFICER).first()
    organisation = Organisation.objects.first().id
    for actor, error in ((AUDITOR, NotAllowed), (ANALYST, NotFound), (administrator(organisation), NotFound)):
        with pytest.raises(error):
            actions.answer_pair(actor=actor, pair=pair.id, answer="same")
        with pytest.raises(NotAllowed):
            actions.hand_in(actor=actor, title="", mapping=MAPPING, files=[("a.csv", [csv(ALONE)])])
        with pytest.raises(NotAllowed):
            actions.join_organisations(actor=actor, kept=organisation, gone=organisation, reason="x")
    assert reads.access_merge(AUDITOR, merge.id) == merge
    assert not reads.merges_for(administrator(organisation)).exists()


def test_row_level_security_hides_source_records_from_everybody_outside():
    two_registers()
    with tenancy.acting(administrator(Organisation.objects.first().id)):
        assert [model.objects.count() for model in (Merge, SourceRecord, Pair, Joining, Origin, Verdict)] == [0] * 6


def test_a_register_that_cannot_be_read_fails_the_merge_with_the_reason():
    merge = hand_in(dtc=b"naam\nX\n")
    assert merge.state == Merge.State.FAILED
    assert "lacks column" in merge.fault_en
    assert "mist kolom" in merge.fault_nl
    with pytest.raises(WrongState):
        actions.apply_merge(actor=OFFICER, merge=merge.id)


def test_registers_of_one_source_or_called_registry_are_refused():
    for files in ([], [("registry.csv", [b""])], [("a.csv", [b""]), ("a.xlsx", [b""])]):
        with pytest.raises(UnusableMapping):
            actions.hand_in(actor=OFFICER, title="", mapping=MAPPING, files=files)


def test_a_name_with_a_script_and_a_bad_number_do_not_stop_the_others():
    hostile = "<script>alert(1)</script> B.V.,notanumber,nomail,,,,,"
    merge = applied(dtc=csv(hostile, ALONE))
    assert merge.report["applied"] == {"created": 2, "joined": 0, "refused": 0}
    assert Organisation.objects.filter(name__startswith="<script>").get().kvk is None


def test_every_step_stands_in_the_audit_log():
    two_registers()
    actions.answer_pair(actor=OFFICER, pair=reads.pairs_for(OFFICER).first().id, answer="same")
    actions.undo_joining(actor=OFFICER, joining=Joining.objects.get().id, reason="two")
    kinds = set(Event.objects.filter(action__startswith="linkage:").values_list("action", flat=True))
    assert kinds == {
        "linkage:merge:hand-in", "linkage:merge:apply", "linkage:merge:applied", "linkage:pair:answer",
        "linkage:organisations:join", "linkage:organisations:undo",
    }  # fmt: skip
    assert "korenaar" not in json.dumps(
        list(Event.objects.filter(action__startswith="linkage:merge").values_list("detail", flat=True))
    )
