"""What a reviewer found on the pages, so that it stays mended."""

import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, early_warning, file, member, organisation
from .test_doors import FORM

pytestmark = pytest.mark.django_db


def test_two_countries_of_an_early_warning_stand_in_the_next_form_as_they_can_be_sent(client):
    whose = organisation()
    states = {"cross_border": True, "member_states": ("BE", "DE")}
    made = file(member(whose.id), whose.id, facts=early_warning(**states)).incident
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    draft = client.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    assert 'value="BE DE"' in client.get(draft).content.decode()
    sent = client.post(draft, {**FORM, **NOTIFICATION, "member_states": "BE DE", "do": "next"})
    assert sent["Location"] == f"{draft}/check"


def test_the_officer_reads_for_whom_somebody_without_account_says_to_report(client):
    facts = early_warning(entity_name="Bakkerij <b>Korst</b>")
    made = actions.file_as_guest(actor=CLERK, stage=Stage.EARLY_WARNING, facts=facts)
    client.force_login(person("o@centre.example", centre=[CentreRole.OFFICER]))
    for page in ("/incidents", f"/incidents/{made.incident.id}"):
        assert "Bakkerij &lt;b&gt;Korst&lt;/b&gt;" in client.get(page).content.decode()
