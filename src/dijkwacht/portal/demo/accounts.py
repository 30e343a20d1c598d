"""The demo's organisations and people. One published password: these accounts exist only where settings.DEMO is on."""

from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, mandates
from dijkwacht.platform.accounts.models import ActingMandate, User
from dijkwacht.platform.accounts.rules import Role
from dijkwacht.rooms.phishing.deciding import demo as phishing
from dijkwacht.rooms.proof import demo as proof
from dijkwacht.rooms.registry import demo as registry

DEMO: Final = system("demo")
PASSWORD: Final = "wacht-op-de-dijk"  # noqa: S105 - published on purpose, for invented data only


class Person(NamedTuple):
    """Somebody to sign in as."""

    email: str
    who: str
    name: str
    role: CentreRole | OrganisationRole | None = None
    organisation: str = ""  # key of the demo organisation
    language: str = "nl"
    acts_for: tuple[str, ...] = ()  # keys of the demo organisations that gave a mandate


PEOPLE: Final = (
    Person("officer@centre.example", "duty officer of the centre", "Dina Dienst", CentreRole.OFFICER),
    Person("officer2@centre.example", "second duty officer, for approvals", "Omar Overdracht", CentreRole.OFFICER),
    Person("analyst@centre.example", "analyst of the centre", "Ans Analyse", CentreRole.ANALYST),
    Person("auditor@centre.example", "auditor of the centre", "Aad Audit", CentreRole.AUDITOR),
    Person("admin@centre.example", "administrator of the centre", "Bea Beheer", CentreRole.ADMINISTRATOR),
    Person(
        "ciso@waterkant.example",
        "administrator of a municipality",
        "Willem Waterkant",
        OrganisationRole.ADMINISTRATOR,
        "waterkant",
    ),
    Person("info@dekorst.example", "contact of a bakery", "Kees de Korst", OrganisationRole.SECURITY, "bakkerij"),
    Person("soc@zwaakt.example", "relay for health care", "Zoë Zorg", OrganisationRole.ADMINISTRATOR, "z-waakt"),
    Person(
        "ciso@tweelanden.example",
        "security officer who acts for two by mandate",
        "Greet Groep",
        acts_for=("waterkant", "bakkerij"),
    ),
)


def for_real_use() -> bool:
    """True when the database holds people or organisations and not one organisation of a demo: then it is no demo's."""
    from dijkwacht.rooms.registry.models import Organisation

    with tenancy.acting(DEMO):
        return not Organisation.objects.filter(demo=True).exists() and (
            Organisation.objects.exists() or User.objects.exists()
        )


def load() -> dict[str, Any]:
    """Add what is missing. Returns how many organisations and people there were to add."""
    with tenancy.acting(DEMO):
        organisations = registry.load(actor=DEMO)
        people = sum(_add(person) for person in PEOPLE)
        proof.load(actor=DEMO)
        phishing.load(actor=DEMO)
    return {"organisations": organisations["organisation"], "people": people}


def _add(person: Person) -> bool:
    if User.objects.filter(email=person.email).exists():
        return False
    who = {"email": person.email, "name": person.name, "language": person.language}
    if person.role is None:
        user = actions.account_for(actor=DEMO, **who)
    else:
        organisation = registry.identifier(person.organisation) if person.organisation else None
        user = actions.invite(actor=DEMO, role=Role(person.role, organisation), mail=False, **who)
    for key in person.acts_for:
        _mandate(registry.identifier(key), person.email)
    user.set_password(PASSWORD)
    user.save()
    return True


def _mandate(organisation: UUID, holder: str) -> None:
    today = timezone.localdate()
    mandates.give(
        actor=DEMO,
        organisation=organisation,
        holder=holder,
        roles=[OrganisationRole.SECURITY],
        starts_on=today,
        ends_on=today + timedelta(days=200),
        mail=False,
    )


@transaction.atomic
def clear() -> None:
    """Remove every row that the demo made or that followed from it; the audit log stays: it is append-only."""
    from dijkwacht.platform.outbox.models import Message
    from dijkwacht.rooms.advisories import demo as own_advisories
    from dijkwacht.rooms.advisories import models as advisories
    from dijkwacht.rooms.enrolment.models import AssetList, Draft, Registration
    from dijkwacht.rooms.knowledge import models as knowledge
    from dijkwacht.rooms.linkage import models as linkage
    from dijkwacht.rooms.notification import models as notification
    from dijkwacht.rooms.phishing import models as phishing
    from dijkwacht.rooms.registry.models import Organisation
    from dijkwacht.rooms.reporting import models as reporting
    from dijkwacht.rooms.reporting.confidential import models as confidential
    from dijkwacht.rooms.reporting.customers import models as customers
    from dijkwacht.rooms.reporting.judging.models import Likeness
    from dijkwacht.rooms.reporting.oncall import models as oncall

    tenancy.enter(DEMO)
    own_advisories.clear()
    models = (
        notification.Call,
        notification.Feedback,
        notification.NoticeItem,
        notification.Notice,
        notification.Event,
        notification.Finding,
        notification.Decision,
        notification.SetAsideLine,
        notification.Batch,
        notification.Campaign,
        notification.Proposal,
        confidential.OwnCriterion,
        customers.ProviderEvent,
        customers.ProviderProgress,
        oncall.Alarm,
        oncall.Shift,
        Likeness,
        advisories.Assessment,
        advisories.Chance,
        advisories.Fetched,
        advisories.Item,
        advisories.ItemVersion,
        advisories.Joining,
        advisories.Matter,
        advisories.Naming,
        advisories.Remedy,
        advisories.SetAside,
        advisories.SourceState,
        advisories.Statement,
        advisories.Vulnerability,
        phishing.Arrival,
        phishing.OptOut,
        phishing.Campaign,  # with its reports, their answers, its decisions
        phishing.Halt,
        phishing.Reputation,
        phishing.AbuseContact,
        reporting.Incident,
        reporting.Draft,
        knowledge.Change,
        knowledge.Item,
        knowledge.Scan,
        knowledge.Lesson,
        knowledge.Revision,
        knowledge.Cell,
        knowledge.Snapshot,
        knowledge.Document,
        Message,
        Draft,
        AssetList,
        Registration,
        linkage.Verdict,
        linkage.Joining,
        linkage.Pair,
        linkage.Origin,
        linkage.SourceRecord,
        linkage.Merge,
        Organisation,
        ActingMandate,
        User,
    )
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"lock table {tables} in share row exclusive mode")  # nothing new comes in between two deletes
    for model in models:
        model.objects.all().delete()
