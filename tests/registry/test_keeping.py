"""Personal data in the register is kept as long as its table says, in the register and its history, and not longer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.accounts.people import person

from dijkwacht.law.tables import InvalidTable
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, history, reads, ticks
from dijkwacht.rooms.registry.errors import NotAllowed
from dijkwacht.rooms.registry.keeping import forgetting, table
from dijkwacht.rooms.registry.models import Change, ChangeNotice, Contact, Deregistration, Forecast, Organisation
from dijkwacht.rooms.registry.upkeep.groups import GROUPS

from .people import ANALYST, OFFICER, administrator

pytestmark = pytest.mark.django_db
SECRET = ("Piet Heijn", "piet@contact.example", "+31201234567")


@pytest.fixture(autouse=True)
def _letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("months = 60", "months = 61"),
        ("months = 60", "months = 0"),
        ('after = "confirmation"', 'after = "some day"'),
        ('then = "erase"', 'then = "keep"'),
        ('seen_by = ["organisation", "centre", "authority"]', 'seen_by = ["everybody"]'),
        ('seen_by = ["organisation", "centre", "authority"]', "seen_by = []"),
        ('basis = "Cbw 44(1)(b); Cbw 47(3)(d)"', 'basis = ""'),
        ('field = "name"', 'fields = "name"'),
    ],
)
def test_a_table_that_is_not_in_order_is_refused_and_none_is_longer_than_the_law(tmp_path, was, becomes):
    text = table.FILE.read_text("utf-8")
    assert was in text
    (tmp_path / "retention.toml").write_text(text.replace(was, becomes, 1), "utf-8")
    with pytest.raises(InvalidTable):
        table.read(tmp_path / "retention.toml")


def later():
    """End the moment of the running transaction: a test is one transaction, the real ones are many."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.changed_at', '', true), clock_timestamp()")
        return cursor.fetchone()[1]


@pytest.fixture
def bakery():
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER,
            name="Bakkerij Heijn",
            kind="organisation",
            classification="other",
            kvk="90000103",
            emails=["info@contact.example"],
            legal_form="sole-trader",
        )


@pytest.fixture
def contact(bakery):
    name, email, phone = SECRET
    with tenancy.acting(OFFICER):
        row = actions.add_contact(actor=OFFICER, organisation=bakery.id, name=name, email=email, phone=phone)
    later()
    return row


def forget(months=0, days=0):
    """Run the job as if so much time had passed."""
    moment = timezone.now() + timedelta(days=31 * months + days)
    later()
    with tenancy.acting(OFFICER):
        gone = 0
        while more := actions.forget_due(actor=OFFICER, now=moment):
            gone += more
    return gone


def held(row):
    with tenancy.acting(OFFICER):
        row.refresh_from_db()
        past = str(list(Change.objects.filter(row=row.id).values_list("values", flat=True)))
    return [value for value in SECRET if value in past or value in {row.name, row.email, row.phone}]


def leave(organisation):
    with tenancy.acting(OFFICER):
        row = actions.ask_deregistration(
            actor=OFFICER, organisation=organisation.id, reason="ceased", effective_on=reads.today(), explanation="Piet"
        )
        actions.deregister_due(actor=OFFICER, deregistration=row.id)
    return row


def test_a_contact_goes_five_years_after_the_last_confirmation_from_the_history_too(contact):
    assert forget(months=57) == 0
    assert held(contact) == [*SECRET]
    assert forget(months=60) > 0
    assert held(contact) == []
    with tenancy.acting(OFFICER):
        assert Contact.objects.get(id=contact.id).status == "wrong"
        first = Change.objects.filter(row=contact.id).earliest("id")
        assert {"name", "email", "phone"} <= {*first.erased}
    assert forget(months=60) == 0


def test_a_review_begins_the_term_anew(bakery, contact):
    with tenancy.acting(OFFICER):
        Organisation.objects.filter(id=bakery.id).update(classification="important")
        actions.start_review(actor=OFFICER, title="Review", due_on=reads.today() + timedelta(days=60))
        review = bakery.reviews.get()
        for group in GROUPS:
            actions.confirm_review(actor=OFFICER, review=review.id, group=group)
        type(review).objects.update(confirmed_at=timezone.now() + timedelta(days=365))
    forget(months=60)
    assert held(contact) == [*SECRET]
    forget(months=73)
    assert held(contact) == []


def test_one_year_after_the_organisation_left_its_contacts_go(bakery, contact):
    leave(bakery)
    forget(months=11)
    assert held(contact) == [*SECRET]
    forget(months=12, days=10)
    assert held(contact) == []


def test_the_name_of_a_sole_trader_becomes_a_pseudonym_and_that_of_a_company_stays(bakery):
    with tenancy.acting(OFFICER):
        company = actions.create_organisation(
            actor=OFFICER,
            name="Brood B.V.",
            kind="organisation",
            classification="other",
            kvk="90000104",
            legal_form="bv",
        )
    for one in (bakery, company):
        leave(one)
    forget(months=61)
    with tenancy.acting(OFFICER):
        bakery.refresh_from_db()
        company.refresh_from_db()
        past = str(list(Change.objects.filter(row=bakery.id).values_list("values", flat=True)))
    assert (bakery.name, bakery.kvk) == (forgetting.pseudonym("Bakkerij Heijn"), None)
    assert (company.name, company.kvk) == ("Brood B.V.", "90000104")
    assert "Heijn" not in past
    assert "90000103" not in past


def test_what_was_replaced_goes_from_the_history_and_what_stands_stays(contact):
    with tenancy.acting(OFFICER):
        actions.update_contact(actor=OFFICER, contact=contact.id, email="jan@contact.example")
    forget(months=23)
    assert "piet@contact.example" in held(contact)
    forget(months=25)
    assert held(contact) == ["Piet Heijn", "+31201234567"]
    with tenancy.acting(OFFICER):
        assert Contact.objects.get(id=contact.id).email == "jan@contact.example"
        last = Change.objects.filter(row=contact.id).latest("id")
        assert last.values["email"] == "jan@contact.example"


def test_a_contact_that_was_removed_goes_from_the_history(contact):
    with tenancy.acting(OFFICER):
        identifier = contact.id
        actions.remove_contact(actor=OFFICER, contact=identifier)
    forget(months=25)
    with tenancy.acting(OFFICER):
        past = str(list(Change.objects.filter(row=identifier).values_list("values", flat=True)))
    assert not [value for value in SECRET if value in past]


def test_free_text_and_what_was_asked_go_after_their_terms(bakery):
    with tenancy.acting(OFFICER):
        actions.ask_change(actor=OFFICER, organisation=bakery.id, source="business register", proposed={"name": "Piet"})
    left = leave(bakery)  # closes the question too
    forget(months=37)
    with tenancy.acting(OFFICER):
        row = Deregistration.objects.get(id=left.id)
        assert ChangeNotice.objects.get().proposed == {}
        assert (row.explanation, row.decision, row.reason) == ("", "", "ceased")
        assert row.asked_by == forgetting.pseudonym("officer")


def test_who_made_a_change_becomes_a_pseudonym_that_still_tells_two_people_apart(bakery):
    own = administrator(bakery.id)
    with tenancy.acting(own):
        actions.tell_change(
            actor=own, organisation=bakery.id, effective_on=reads.today(), changes={"name": "Bakkerij Piet"}
        )
    forget(months=61)
    with tenancy.acting(OFFICER):
        actors = list(Change.objects.filter(row=bakery.id).order_by("id").values_list("actor", flat=True)[:2])
    assert actors == [forgetting.pseudonym("officer"), forgetting.pseudonym(own.id)]
    assert len({*actors}) == 2


def test_the_audit_log_keeps_counts_and_no_value(contact):
    forget(months=60)
    with tenancy.acting(OFFICER):
        events = {row.object_id: row.detail for row in Event.objects.filter(action="registry:retention:forget")}
    assert events["contact-name-confirmation"]["rows"] == 1
    assert events["contact-name-confirmation"]["history"] == 1
    assert not [value for value in (*SECRET, "Heijn") if value in str(events)]


def test_the_job_counts_what_goes_when_and_the_pages_show_it(contact):
    ticks.keep_no_longer()
    with tenancy.acting(OFFICER):
        row = Forecast.objects.get(code="contact-name-confirmation")
    assert (row.over, row.month, row.quarter, row.year, row.later) == (0, 0, 0, 0, 1)
    officer = Client(headers={"Accept-Language": "en"})
    officer.force_login(
        person("officer@centre.example", centre=["officer"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    shown = officer.get("/registry/retention").content.decode()
    assert "naam van een contactpersoon" in shown
    assert "Contact.name" not in shown
    told = Client(headers={"Accept-Language": "en"}).get("/registry/kept")
    assert told.status_code == 200
    assert "name of a contact person" in told.content.decode()


def test_nobody_else_lets_it_go():
    with pytest.raises(NotAllowed), tenancy.acting(ANALYST):
        actions.forget_due(actor=ANALYST)
    with pytest.raises(NotAllowed), tenancy.acting(ANALYST):
        actions.forecast_retention(actor=ANALYST)


def test_the_register_of_a_past_day_still_reads_without_the_person(bakery, contact):
    then = later()
    forget(months=60)
    with tenancy.acting(OFFICER):
        (version,) = history.as_of(OFFICER, then, record=history.reading.Record.CONTACT, organisation=bakery.id)
    assert version.values["role"] == "security"
    assert not {"name", "email", "phone"} & version.values.keys()
