"""A law that names more than one receiver: each is designated as whom it is; whoever comes later hears what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.reporting import reads, terms
from dijkwacht.rooms.reporting.delivering import actions, reached
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, early_warning, file, member, organisation
from .test_delivering import BREACH
from .test_receivers import clock_of, reader, receiver

pytestmark = pytest.mark.django_db
PRODUCT = {"manufacturer": True, "cra_trigger": "vulnerability", "products": "Pomp 3000", "product_states": ("NL",)}


def missing(incident):
    with tenancy.acting(CLERK):
        row = Incident.objects.get(id=incident.id)
        found = reached.unreached(row, terms.filed_of(reads.reports_of(row)))
    return {(one.regime, one.to.role) for one in found}


def mails(address):
    with tenancy.acting(OFFICER):
        return [bytes(row.body).decode() for row in Message.objects.filter(recipient=address)]


def tick(**passed):
    with tenancy.acting(reached.DELIVERER) as deliverer:
        return actions.tell_designated(actor=deliverer, now=timezone.now() + timedelta(**passed))


def test_the_one_for_another_role_does_not_make_it_reach_enisa():
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=early_warning(**PRODUCT)).incident
    assert ("cra", "enisa") in missing(made)
    receiver("Coördinerend CSIRT", "cra", role="coordinator")
    assert ("cra", "enisa") in missing(made)
    assert not clock_of(made, "cra").delivered
    receiver("ENISA", "cra", role="enisa")
    assert ("cra", "enisa") not in missing(made)
    assert clock_of(made, "cra").delivered


def test_one_without_a_role_is_for_whoever_the_law_names():
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=early_warning(**PRODUCT)).incident
    receiver("Meldpunt", "cra")
    assert ("cra", "enisa") not in missing(made)


def test_both_read_what_is_filed_under_the_law_and_one_is_designated_once_for_a_role():
    whose = organisation()
    enisa, _ = receiver("ENISA", "cra", role="enisa")
    coordinator, _ = receiver("Coördinerend CSIRT", "cra", role="coordinator")
    file(member(whose.id), whose.id, facts=early_warning(**PRODUCT))
    for one in (enisa, coordinator):
        ria = reader(one)
        with tenancy.acting(ria):
            from dijkwacht.rooms.reporting.delivering import reads as delivering

            assert [row.regime for row in delivering.reports_for_us(ria)] == ["cra"]
    with tenancy.acting(OFFICER):
        how = {"actor": OFFICER, "reader": enisa.id, "regime": "cra", "sector": "", "ground": "CRA 14(7)"}
        actions.designate_receiver(**how, role="coordinator", valid_from="")
        with pytest.raises(AlreadyDone):
            actions.designate_receiver(**how, role="enisa", valid_from="")
        with pytest.raises(InvalidValue):
            actions.designate_receiver(**how, role="king", valid_from="")


def test_an_officer_chooses_the_role_on_the_page(client):
    organisation("ENISA", classification="other", sectors=())
    client.force_login(person("dina@centre.example", centre=[CentreRole.OFFICER]))
    page = client.get("/incidents/receivers").content.decode()
    assert 'value="cra:enisa"' in page
    given = {"regime": "cra:enisa", "organisation": "ENISA", "ground": "CRA 14(7)"}
    assert client.post("/incidents/receivers", given).status_code == 302
    with tenancy.acting(OFFICER):
        assert RegimeReceiver.objects.get().role == "enisa"
    assert client.post("/incidents/receivers", {**given, "regime": "avg:nonsense"}).status_code == 422


def test_whoever_is_designated_later_hears_once_that_reports_wait():
    whose = organisation()
    for _ in range(3):
        file(member(whose.id), whose.id, facts=early_warning(**BREACH))
    authority, row = receiver()
    assert len(mails(authority.emails[0])) == 1
    assert "wachten meldingen" in mails(authority.emails[0])[0]
    assert row.told_at is not None
    assert tick() == 0
    assert len(mails(authority.emails[0])) == 1


def test_where_nothing_waits_there_is_no_mail_and_a_first_day_to_come_is_told_on_that_day(monkeypatch):
    whose = organisation()
    of_dora, _ = receiver("De Nederlandsche Bank", "dora")
    file(member(whose.id), whose.id, facts=early_warning(**BREACH))
    tomorrow = timezone.localdate() + timedelta(days=1)
    authority, row = receiver(valid_from=str(tomorrow))
    assert row.told_at is None
    assert tick() == 0
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    assert tick() == 1
    assert mails(of_dora.emails[0]) == []
    assert len(mails(authority.emails[0])) == 1


def test_what_was_acknowledged_or_reported_elsewhere_or_is_of_another_sector_does_not_wait():
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=early_warning(**BREACH)).incident
    nora = member(whose.id)
    of_health, _ = receiver("Toezicht Zorg", "avg", "1.5")
    with tenancy.acting(nora):
        actions.note_elsewhere(actor=nora, incident=made.id, regime="avg", stage="notification")
    late, _ = receiver("Autoriteit Persoonsgegevens")
    assert mails(of_health.emails[0]) == mails(late.emails[0]) == []


def test_nobody_but_a_job_of_ours_tells_them():
    with tenancy.acting(OFFICER), pytest.raises(NotAllowed):
        actions.tell_designated(actor=OFFICER, now=timezone.now())
