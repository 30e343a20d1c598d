"""What is published for everybody is found by the search, by words, product and CVE number; nothing else is."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone
from tests.advisories.written import WRITTEN, again, modules, published

from dijkwacht.kernel.actor import ANONYMOUS, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge.searching import actions, reads
from dijkwacht.rooms.knowledge.searching.models import Document

__all__ = ["modules"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("modules")]
KEEPER = system("tests")


def found(words, language="nl"):
    with tenancy.acting(KEEPER):
        actions.keep_all_up(actor=KEEPER)
        Document.objects.update(published_at=timezone.now() - timedelta(days=1))  # the clock of a transaction stands
    with tenancy.acting(ANONYMOUS):
        return [hit.key for hit in reads.search(words, language=language, room="advisories").hits]


def test_an_advisory_is_found_in_both_languages_by_product_and_by_number_of_the_vulnerability():
    version = published()
    for words, language in (("Zwaluw Poort", "nl"), ("severe hole", "en"), ("CVE-2026-99001", "nl"), ("zwalw", "nl")):
        assert found(words, language) == [version.number], words


def test_what_is_not_for_everybody_or_was_withdrawn_is_not_found():
    published(msgspec.structs.replace(WRITTEN, tlp="AMBER"))
    assert found("Zwaluw") == []
    version = published()
    assert found("Zwaluw") == [version.number]
    again(version, WRITTEN, withdrawing=True)
    assert found("Zwaluw") == []
