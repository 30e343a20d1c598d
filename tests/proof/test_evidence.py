"""None of the ways fits: the organisation sends words and files, an officer gives the word or not, and says why."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, REPORTER, person
from tests.proof.conftest import DOMAIN, claim, new
from tests.proof.steps import fresh, mailed, prove
from tests.registry.people import OFFICER, administrator

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.attachments import LARGEST
from dijkwacht.rooms.proof import actions, errors, rules
from dijkwacht.rooms.proof.models import Challenge, Check, Piece
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.registry.models import AssetConflict

pytestmark = pytest.mark.django_db
LETTER = b"%PDF-1.7 <script>alert(1)</script> the provider hands out the block to us"
WORDS = "The block is ours by contract 42."


def sign_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def keeper(client, organisation):
    return sign_in(client, person("ciso@voorbeeld.example", organisations={organisation.id: ADMINISTRATOR}))


@pytest.fixture
def desk(organisation):
    from django.test import Client

    return sign_in(Client(), person("officer@centre.example", centre=[CentreRole.OFFICER]))


def send(asset, words=WORDS, content=LETTER, name="contract.pdf", actor=None):
    actor = actor or administrator(asset.organisation_id)
    with tenancy.acting(actor):
        return actions.send_evidence(actor=actor, asset=asset.uid, words=words, name=name, content=content)


def judge(asset, *, accept, reason="read the contract"):
    with tenancy.acting(OFFICER):
        waiting = Challenge.objects.get(asset=asset, method="officer", state="proposed")
        return actions.judge_proposal(actor=OFFICER, challenge=waiting.id, accept=accept, reason=reason)


def test_words_and_a_file_are_judged_and_the_answer_comes_back(keeper, desk, organisation):
    asset = claim(organisation)
    page = keeper.post(
        f"/proof/assets/{asset.uid}/evidence",
        {"words": WORDS, "file": SimpleUploadedFile("<b>contract.pdf", LETTER, "text/html")},
        follow=True,
    ).content.decode()
    assert "It is sent" in page
    assert WORDS in page
    assert "&lt;b&gt;contract" in page
    queue = desk.get("/proof/waiting").content.decode()
    assert WORDS in queue
    with tenancy.acting(OFFICER):
        piece = Piece.objects.get()
    answer = desk.get(f"/proof/pieces/{piece.id}")
    assert answer.content == LETTER
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="attachment-{piece.sha256[:16]}.bin"'
    assert "sandbox" in answer["Content-Security-Policy"]
    desk.post(f"/proof/challenges/{piece.challenge_id}/judge", {"accept": "yes", "reason": "read the contract"})
    held = fresh(asset)
    assert (held.status, held.method) == ("verified", "officer")
    assert piece.sha256 in held.evidence  # what the word rests on can be shown later, when the file is gone
    assert "An officer accepted this: read the contract" in keeper.get(f"/proof/assets/{asset.uid}").content.decode()
    (told,) = mailed("heeft aanvaard dat voorbeeld.nl van u is")  # in the language of the contact
    assert f"/proof/assets/{asset.uid}" in told
    assert "contract" not in told  # why stands behind the sign-in
    assert WORDS not in desk.get("/proof/waiting").content.decode()


def test_what_does_not_show_it_is_refused_with_a_reason_and_something_better_may_follow(keeper, organisation):
    asset = claim(organisation)
    send(asset)
    judge(asset, accept=False, reason="of another block")
    page = keeper.get(f"/proof/assets/{asset.uid}").content.decode()
    assert "An officer refused this: of another block" in page
    assert "Send to the centre" in page
    assert fresh(asset).status == "claimed"
    send(asset, words="The right contract.")
    judge(asset, accept=True)
    assert fresh(asset).status == "verified"


def test_nothing_of_it_can_be_read_in_the_database(organisation):
    send(claim(organisation), name="geheim.pdf")
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        cursor.execute("select words_sealed, name_sealed, content_sealed from proof_piece")
        held = b"".join(bytes(column) for column in cursor.fetchone())
        cursor.execute("select facts::text from proof_check")
        noted = cursor.fetchone()[0]
    for text in (WORDS.encode(), LETTER, b"geheim"):
        assert text not in held
    assert "contract" not in noted


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"words": " ", "content": None}, errors.NothingSent),
        ({"content": b""}, errors.FileNotAllowed),
        ({"content": bytes(LARGEST + 1)}, errors.FileNotAllowed),
        ({"words": "x" * (rules.LONGEST_WORDS + 1)}, InvalidField),
        ({"words": "from right \u202e to left"}, InvalidField),
    ],
    ids=["nothing", "an empty file", "too large", "too long", "words that read otherwise than they are"],
)
def test_what_cannot_be_taken_says_so(organisation, sent, refusal):
    asset = claim(organisation)
    with pytest.raises(refusal):
        send(asset, **sent)
    with tenancy.acting(OFFICER):
        assert not Challenge.objects.filter(method="officer").exists()


def test_a_file_of_the_largest_size_comes_back_as_it_was(organisation):
    content = bytes(range(256)) * (LARGEST // 256)
    assert fresh(send(claim(organisation), content=content)).content() == content


def test_ten_pieces_wait_for_one_asset_and_twenty_a_day_come_of_one_organisation(organisation):
    first, second, third = claim(organisation), claim(organisation, "b.nl"), claim(organisation, "c.nl")
    for asset in (first, second):
        for _ in range(rules.MOST_PIECES):
            send(asset, content=None)
        with pytest.raises(errors.EnoughSent):
            send(asset, content=None)
    with tenancy.acting(administrator(organisation.id)) as actor:  # taking back makes no room for more
        waiting = Challenge.objects.get(asset=first, method="officer")
        actions.withdraw_challenge(actor=actor, challenge=waiting.id)
    with pytest.raises(errors.TooSoon):
        send(third, content=None)
    with tenancy.acting(OFFICER):
        Check.objects.update(at=timezone.now() - timedelta(days=1))
    send(third, content=None)


def test_what_is_taken_back_is_not_kept(keeper, organisation):
    asset = claim(organisation)
    piece = send(asset)
    keeper.post(f"/proof/challenges/{piece.challenge_id}/withdraw")
    with tenancy.acting(OFFICER):
        assert not Piece.objects.exists()
    assert keeper.get(f"/proof/pieces/{piece.id}").status_code == 404
    assert WORDS not in keeper.get(f"/proof/assets/{asset.uid}").content.decode()


def test_what_is_shown_needs_no_officer_and_what_expired_a_new_claim(organisation, names, way):
    asset = claim(organisation)
    prove(asset, names, way)
    with pytest.raises(errors.ShownAlready):
        send(asset)
    with tenancy.acting(OFFICER):
        registry.expire_asset(actor=OFFICER, asset=asset.uid, reason="sold")
    with pytest.raises(errors.ClaimFirst):
        send(asset)


def test_a_word_until_a_date_is_asked_for_again_before_it_ends(organisation):
    asset = claim(organisation)
    with tenancy.acting(OFFICER):
        ends = timezone.now() + timedelta(days=9)
        registry.verify_asset(actor=OFFICER, asset=asset.uid, evidence="a letter", expires_at=ends)
    send(asset)
    judge(asset, accept=True)
    assert fresh(asset).expires_at is None


def test_the_officer_sees_both_sides_and_decides_the_conflict_first(desk, organisation, other, client):
    ours, theirs = claim(organisation), claim(other)
    send(ours)
    send(theirs, words="We bought the name last week.", name="bill.pdf")
    for address in ("/proof/waiting", "/registry/conflicts"):
        page = desk.get(address).content.decode()
        for text in (WORDS, "We bought the name last week.", "contract.pdf", "bill.pdf"):
            assert text in page, (address, text)
    with tenancy.acting(OFFICER):
        waiting = Challenge.objects.get(asset=ours, method="officer")
        conflict = AssetConflict.objects.get()
    address = f"/proof/challenges/{waiting.id}/judge"
    waits = desk.get("/proof/waiting").content.decode().partition(WORDS)[2]
    assert 'value="yes"' not in waits  # neither side can be verified before the decision
    refused = desk.post(address, {"accept": "yes", "reason": "contract"}, follow=True).content.decode()
    assert "decide that conflict first" in refused
    assert fresh(ours).status == "disputed"
    decision = "first" if conflict.first_id == ours.id else "second"
    desk.post(f"/registry/conflicts/{conflict.id}", {"decision": decision, "reason": "contract"})
    desk.post(address, {"accept": "yes", "reason": "contract"})
    assert (fresh(ours).status, fresh(theirs).status) == ("verified", "expired")


def test_words_do_not_win_silently_from_a_fresh_proof(desk, organisation, other, names, way):
    bare, ours = claim(other), claim(organisation)
    prove(ours, names, way)  # the conflict rests
    piece = send(bare, words="It is ours.")
    address = f"/proof/challenges/{piece.challenge_id}/judge"
    page = desk.post(address, {"accept": "yes", "reason": "nice letter"}, follow=True).content.decode()
    assert "Another has shown a proof for the same" in page
    assert (fresh(ours).status, fresh(bare).status) == ("verified", "disputed")
    with tenancy.acting(OFFICER):
        assert AssetConflict.objects.get().decision == ""
    assert fresh(Challenge(pk=piece.challenge_id)).state == "proposed"  # waits for the decision


def test_who_claims_what_another_claims_reads_the_same_page(client, organisation, other):
    claim(organisation)
    contested, free = claim(other), claim(other, "voorbeeld.org")
    sign_in(client, person("info@korst.example", organisations={other.id: ADMINISTRATOR}))
    pages = []
    for asset in (contested, free):
        sent = client.post(f"/proof/assets/{asset.uid}/evidence", {"words": WORDS}, follow=True).content.decode()
        lines = sent.replace(str(asset.uid), "").replace(asset.value, "").splitlines()
        kept = [line for line in lines if "csrf" not in line and "nonce" not in line and "<time" not in line]
        pages.append(kept)
    assert pages[0] == pages[1]


def test_only_who_may_show_addresses_sends_and_only_the_own_side_reads(client, organisation, other):
    asset = claim(organisation)
    piece = send(asset)
    sign_in(client, person("jurist@voorbeeld.example", organisations={organisation.id: REPORTER}))
    assert client.post(f"/proof/assets/{asset.uid}/evidence", {"words": WORDS}).status_code == 403
    assert "Send to the centre" not in client.get(f"/proof/assets/{asset.uid}").content.decode()
    sign_in(client, person("info@korst.example", organisations={other.id: ADMINISTRATOR}))
    assert client.post(f"/proof/assets/{asset.uid}/evidence", {"words": WORDS}).status_code == 404
    assert client.get(f"/proof/pieces/{piece.id}").status_code == 404
    with tenancy.acting(administrator(other.id)):
        assert not Piece.objects.exists()  # nor for whoever comes past the doors
    assert DOMAIN not in client.get("/proof/mine", follow=True).content.decode()


def test_words_alone_have_no_download(keeper, organisation):
    piece = send(claim(organisation), content=None)
    assert keeper.get(f"/proof/pieces/{piece.id}").status_code == 404


def test_after_a_year_the_evidence_is_gone_and_its_hash_stays(organisation):
    asset = claim(organisation)
    piece = send(asset)
    judge(asset, accept=True)
    from dijkwacht.kernel.actor import system

    with tenancy.acting(system("registry:forget")) as actor:
        Piece.objects.update(at=timezone.now() - timedelta(days=366))
        registry.forget_due(actor=actor)
        assert not Piece.objects.exists()
    assert piece.sha256 in fresh(asset).evidence
    assert fresh(asset).status == "verified"


def test_two_who_were_joined_keep_their_evidence_readable(organisation):
    moved = new("Gemeente Nieuw-Voorbeeld")
    piece = send(claim(organisation))
    with tenancy.acting(OFFICER):
        Piece.objects.update(organisation=moved.id)
    assert fresh(piece).content() == LETTER
