"""Words in Dutch and English, synonyms, acronyms and typing errors find what is public; nothing else is found."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.registry.people import OFFICER

from dijkwacht.kernel.actor import ANONYMOUS, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge.errors import NotAllowed
from dijkwacht.rooms.knowledge.searching import actions, reads
from dijkwacht.rooms.knowledge.searching.sources import Found

pytestmark = pytest.mark.django_db
KEEPER = system("tests")


@pytest.fixture
def measures():
    with tenancy.acting(KEEPER):
        actions.keep_all_up(actor=KEEPER)


def found(words, language="nl"):
    with tenancy.acting(ANONYMOUS):
        return [hit.key for hit in reads.search(words, language=language).hits]


QUESTIONS = [
    ("mfa", "use-mfa"),
    ("2FA", "use-mfa"),
    ("tweestapsverificatie", "use-mfa"),
    ("BEC", "check-payments"),
    ("DDoS", "withstand-ddos"),
    ("gijzelsoftware", "make-backups"),
    ("ransomware", "make-backups"),
    ("back-up terugzetten", "test-restoring"),
    ("multifator", "use-mfa"),
    ("wachtwoordmanger", "use-password-manager"),
    ("versleutleing", "encrypt-traffic-and-devices"),
    ("dmarc", "protect-mail"),
    ("remote desktop", "close-remote-access"),
    ("who is responsible", "name-who-is-responsible"),
    ("leveranciers", "agree-with-suppliers"),
    ("patchen", "update-quickly"),
    ("BIO2", "framework-bio2"),
    ("iso 27001", "framework-iso27002"),
    ("NIST", "framework-csf"),
    ("cyber essentials", "framework-ce"),
    ("Cbw", "framework-cbw-framework"),
]


@pytest.mark.parametrize(("words", "page"), QUESTIONS, ids=[words for words, _ in QUESTIONS])
def test_a_question_finds_the_page_among_the_first_five(measures, words, page):
    assert page in found(words)[:5]


NAMED = {
    "Cbw": "framework-cbw",
    "wat is de Cbw?": "framework-cbw",
    "Cyberbeveiligingswet": "framework-cbw",
    "NIS2": "framework-nis2",
    "NIS 2": "framework-nis2",
    "NIS2-richtlijn": "framework-nis2",
    "2024/2690": "framework-cir",
    "ISO27001": "framework-iso27002",
    "BIO": "framework-bio2",
    "MFA": "use-mfa",
    "2fa": "use-mfa",
    "ransomeware": "protect-against-malware",
    "wachtwoorden": "use-password-manager",
    "AVG": "know-when-to-report",
    "zelfscan": "scan-quick",
    "self-scan": "scan-quick",
    "Snelle zelfscan": "scan-quick",
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("words", "page"), NAMED.items(), ids=NAMED)
def test_the_page_that_is_obviously_meant_is_first_or_second(measures, words, page, language):
    assert page in found(words, language)[:2]


def test_the_page_of_a_law_that_is_called_by_its_name_is_first(measures):
    assert [found(words)[0] for words in ("Cbw", "NIS2", "bio2")] == [
        "framework-cbw",
        "framework-nis2",
        "framework-bio2",
    ]


def test_a_reader_gets_the_text_in_the_own_language_once(measures):
    with tenancy.acting(ANONYMOUS):
        hits = reads.search("mfa", language="en").hits
    assert [hit.language for hit in hits if hit.key == "use-mfa"] == ["en"]


def document(key, **more):
    text = {"title": "Kwetsbaarheid in Waterkoker", "summary": "Zebrapad", "body": "tekst", "url": "/x"}
    return Found(key=key, language="nl", published_at=timezone.now() - timedelta(minutes=1), **(text | more))


def keep(*documents):
    with tenancy.acting(KEEPER):
        return actions.keep_up(actor=KEEPER, room="advisories", documents=documents)


def test_what_is_not_public_or_not_published_yet_is_found_by_the_centre_alone():
    later = Found("later", "nl", "Waterkoker morgen", "", "", "/x", timezone.now() + timedelta(days=1))
    keep(document("open"), document("inside", audience="centre", title="Waterkoker geheimzinnig"), later)
    assert found("waterkoker") == ["open"]
    with tenancy.acting(OFFICER):
        assert len(reads.search("waterkoker", language="nl").hits) == 3


def test_a_word_of_what_is_not_public_is_never_suggested():
    keep(document("inside", audience="centre", title="Geheimzinnige Kruimeldief"))
    with tenancy.acting(ANONYMOUS):
        answer = reads.search("kruimeldeif", language="nl")
    assert (answer.hits, answer.corrected) == ([], {})


def test_a_word_of_what_is_public_is_suggested():
    keep(document("open", title="De Kruimeldief"))
    with tenancy.acting(ANONYMOUS):
        answer = reads.search("kruimeldeif", language="nl")
    assert ([hit.key for hit in answer.hits], answer.corrected) == (["open"], {"kruimeldeif": "kruimeldief"})


def test_what_a_room_gives_no_more_is_forgotten_and_what_changed_is_replaced():
    keep(document("one"), document("two"))
    assert keep(document("two", title="Broodrooster")) == {"added": 1, "removed": 1, "all": 1}
    assert (found("waterkoker"), found("broodrooster")) == ([], ["two"])
    assert keep(document("two", title="Broodrooster"))["added"] in {0, 1}


@pytest.mark.parametrize(
    "words", ["", "' | !", "a:* & (", "'; drop table x; --", "\u0000", "!!! <->", "de het een", "x" * 500]
)
def test_no_question_is_an_error(measures, words):
    assert isinstance(found(words.replace("\0", "")), list)


def test_a_person_cannot_change_what_is_found():
    with tenancy.acting(OFFICER), pytest.raises(NotAllowed):
        actions.keep_up(actor=OFFICER, room="advisories", documents=[])
