"""The first answer says which number to call, where the centre has one for its duty officer."""

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.models import Message

from .story import file, member, organisation

pytestmark = pytest.mark.django_db


def answered(language):
    whose = organisation()
    nora = member(whose.id)
    made = file(nora, whose.id, language=language)
    with tenancy.acting(nora):
        return Message.objects.get(incident=made.incident, automatic=True).text


@pytest.mark.parametrize(("language", "words"), [("nl", "bel dan +31 70 555 0199"), ("en", "call +31 70 555 0199")])
def test_the_number_stands_where_calling_is_spoken_of(settings, language, words):
    settings.DUTY_PHONE = "+31 70 555 0199"
    assert words in answered(language)


@pytest.mark.parametrize(("language", "words"), [("nl", "Kan het niet wachten"), ("en", "If it cannot wait")])
def test_without_a_number_nobody_is_told_to_call(settings, language, words):
    settings.DUTY_PHONE = ""
    assert words not in answered(language)
