"""For each kind of thing that an address names: one of A, one of B, and one that does not exist.

The key is the parameter's name in the route. A route with a parameter that has no maker here fails the matrix.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone
from tests.accounts.people import TESTER, token
from tests.attacks.world import CANARY, World
from tests.phishing import shield

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import ActingMandate, Token
from dijkwacht.platform.receipts import Signer
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.phishing.deciding import actions as deciding
from dijkwacht.rooms.phishing.deciding import own
from dijkwacht.rooms.proof import actions as proof
from dijkwacht.rooms.proof import mails
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.registry.actions import assets, changes, contacts, designations, organisations
from dijkwacht.rooms.registry.models import (
    Asset,
    AssetConflict,
    Comparison,
    Deregistration,
    Difference,
    Mandate,
    Organisation,
    Review,
    ReviewCampaign,
)

MAKERS = {}


def makes(*parameters):
    """Register a function (world, organisation, "A" or CANARY) -> identifier for these parameters."""

    def register(maker):
        MAKERS.update(dict.fromkeys(parameters, maker))
        return maker

    return register


@makes("organisation")
def an_organisation(world: World, owner: UUID, mark: str) -> UUID:
    return owner


@makes("registration")
def a_registration(world: World, owner: UUID, mark: str) -> UUID:
    """One that waits, of a member of A or of B."""
    member = world.people["member-of-a" if owner == world.a else "member-of-b"]
    confirmed = {"organisation": {"name": mark}, "contacts": [], "assets": []}
    body = {"number": mark, "centre": "The centre", **confirmed}
    receipt = Signer.of(settings.HOME).sign(body, timezone.now())
    return Registration.objects.create(
        account=member.id, name=mark, state="waiting", confirmed=confirmed, receipt=receipt
    ).id


@makes("token")
def a_token(world: World, owner: UUID, mark: str) -> UUID:
    prefix = token(world.people["administrator"], organisation=owner).split("_")[1]
    Token.objects.filter(prefix=prefix).update(name=mark)
    return Token.objects.get(prefix=prefix).id


@makes("user")
def a_user(world: World, owner: UUID, mark: str) -> UUID:
    return world.people["member-of-a" if owner == world.a else "member-of-b"].id


@makes("asset")
def an_asset(world: World, owner: UUID, mark: str) -> UUID:
    network = "192.0.2.0/25" if owner == world.a else "192.0.2.128/25"
    (row,) = assets.claim_asset(actor=TESTER, organisation=owner, kind="prefix", value=network, evidence=mark)
    return row.uid


@makes("contact")
def a_contact(world: World, owner: UUID, mark: str) -> UUID:
    return contacts.add_contact(actor=TESTER, organisation=owner, name=mark, email=f"{mark}@contact.example").id


@makes("mandate")
def a_mandate(world: World, owner: UUID, mark: str) -> UUID:
    return Mandate.objects.get(member_id=owner).id


@makes("acting_mandate")
def an_acting_mandate(world: World, owner: UUID, mark: str) -> UUID:
    """One that A or B is asked for, by an organisation of nobody here."""
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=9), "note": mark}
    asking = organisations.create_organisation(actor=TESTER, name="A provider without people").id
    return ActingMandate.objects.create(
        organisation_id=owner, holder_kind="organisation", holder_id=asking, roles=["reader"], state="asked", **days
    ).id


@makes("designation")
def a_designation(world: World, owner: UUID, mark: str) -> UUID:
    reader = organisations.create_organisation(actor=TESTER, name="A CSIRT without people", kind="csirt")
    kind = {"sector": "1.5" if owner == world.a else "1.6", "role": "csirt", "ground": mark}
    return designations.designate(actor=TESTER, reader=reader.id, **kind).id


@makes("change_notice")
def a_change_notice(world: World, owner: UUID, mark: str) -> UUID:
    return changes.ask_change(actor=TESTER, organisation=owner, source=mark, proposed={"name": f"{mark} new"}).id


@makes("review_campaign", "review")
def a_review(world: World, owner: UUID, mark: str) -> UUID:
    """A campaign with one review, of the same identifier."""
    row = ReviewCampaign.objects.create(title=mark, due_on=timezone.localdate(), started_by=mark)
    return Review.objects.create(id=row.id, campaign=row, organisation_id=owner, due_on=row.due_on).id


@makes("conflict")
def a_conflict(world: World, owner: UUID, mark: str) -> UUID:
    network = "198.51.100.0/25" if owner == world.a else "198.51.100.128/25"
    third = Organisation.objects.exclude(id__in=[world.a, world.b]).order_by("name").first()
    sides = [
        Asset.objects.create(organisation_id=side, kind="prefix", value=network, status="disputed", evidence=mark)
        for side in (owner, third.id)
    ]
    return AssetConflict.objects.create(first=sides[0], second=sides[1]).id


@makes("challenge")
def a_challenge(world: World, owner: UUID, mark: str) -> UUID:
    network = "203.0.113.0/25" if owner == world.a else "203.0.113.128/25"
    (held,) = assets.claim_asset(actor=TESTER, organisation=owner, kind="prefix", value=network, evidence=mark)
    row = proof.start_challenge(actor=TESTER, asset=held.uid, method="whois")
    Challenge.objects.filter(id=row.id).update(state="proposed")
    before = timezone.now() - timedelta(hours=2)
    what = {"outcome": "partial", "code": "whois-partial", "actor": "system:x", "at": before}
    facts = {"source": mark, "dated": "2026-11-01", "object": mark, "holder": mark, "reasons": ["name"]}
    Check.objects.create(challenge=row, organisation_id=owner, facts=facts, **what)
    return row.id


@makes("piece")
def a_piece_of_evidence(world: World, owner: UUID, mark: str) -> UUID:
    network = "2001:db8:e1::/48" if owner == world.a else "2001:db8:e2::/48"
    (held,) = assets.claim_asset(actor=TESTER, organisation=owner, kind="prefix", value=network)
    return proof.send_evidence(actor=TESTER, asset=held.uid, words=mark, name=mark, content=mark.encode()).id


@makes("proof-link")
def a_proof_link(world: World, owner: UUID, mark: str) -> str:
    """The link of the mail about A's asset, which is proof for whoever holds it; for B's one that was used up."""
    row = Challenge.objects.get(id=identifiers(world, "challenge", "uuid")["a" if owner == world.a else "b"])
    secret = f"secret-of-{owner.hex}"  # no mark: a page repeats its own address
    state = "open" if owner == world.a else "proven"
    Challenge.objects.create(
        asset=row.asset,
        organisation_id=owner,
        method="mail",
        recipient="abuse@contact.example",
        token_digest=mails.digest(secret),
        state=state,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return secret


@makes("deregistration")
def a_deregistration(world: World, owner: UUID, mark: str) -> UUID:
    """One that waits for an officer."""
    day = timezone.localdate() + timedelta(days=9)
    return Deregistration.objects.create(
        organisation_id=owner, state="asked", reason="sold", explanation=mark, effective_on=day, asked_by="somebody"
    ).id


@makes("comparison")
def a_comparison(world: World, owner: UUID, mark: str) -> UUID:
    return Comparison.objects.create(name=mark, sha256="0" * 64, started_by="somebody", counts={"rows": 1}).id


@makes("difference")
def a_difference(world: World, owner: UUID, mark: str) -> UUID:
    made = Comparison.objects.create(name=mark, sha256="1" * 64, started_by="somebody")
    return Difference.objects.create(
        comparison=made, organisation_id=owner, field="name", ours=mark, theirs=f"{mark} too"
    ).id


# Parameters that name no row, with a value that is right and means the same to everybody.
WORDS = {
    "slug": "not-found",
    "form": "csv",
    "language": "en",
    "name": "registry.csv",
    "step": "suspension",
    "verdict": "grant",
    "ruling": "refusal",
    "product": "advisories",
    "audience": "DE",
    "csaf_file": "v2.0/provider-metadata.json",
    "measure": "use-mfa",
    "scan": "quick",
    "framework": "nis2",
}
# What does not exist.
MISSING_NUMBER = 987_654_321
MISSING_UUID = uuid4()


def identifiers(world: World, parameter: str, converter: str) -> dict[str, object]:
    """The identifiers of A's, B's and the missing thing; made once per world."""
    if parameter not in world.objects:
        with tenancy.acting(TESTER):
            world.objects[parameter] = {
                "a": MAKERS[parameter](world, world.a, "A"),
                "b": MAKERS[parameter](world, world.b, CANARY),
                "missing": MISSING_NUMBER if converter == "int" else MISSING_UUID,
            }
    return world.objects[parameter]


from tests.attacks import (  # noqa: E402, F401 - their makers register themselves
    catalogued,
    crossed,
    known,
    listed,
    merged,
    noticed,
    phished,
    published,
    reported,
    sourced,
    told,
)


@makes("phishing_campaign")
def a_phishing_campaign(world: World, owner: UUID, mark: str) -> UUID:
    """The centre's own work: of no organisation, so both are alike."""
    with tenancy.acting(TESTER):
        return shield.campaign(subject=mark).id


@makes("phishing_wave")
def a_phishing_wave(world: World, owner: UUID, mark: str) -> UUID:
    """Of one campaign, which is enough for its page."""
    with tenancy.acting(TESTER):
        row = shield.campaign(subject=mark)
        row.wave = row.id
        row.save()
        return row.id


@makes("phishing_proposal")
def a_phishing_proposal(world: World, owner: UUID, mark: str) -> UUID:
    with tenancy.acting(TESTER):
        return own.block(actor=TESTER, kind="domain", name=f"{uuid4().hex}.example", reason=mark).id


@makes("phishing_decision")
def a_phishing_decision(world: World, owner: UUID, mark: str) -> UUID:
    with tenancy.acting(TESTER):
        row = shield.campaign(subject=mark, pages=True)
        deciding.judge(actor=TESTER, campaign=row.id)
        return row.decisions.get().id
