"""What is wrong with a form stands above it in sentences that read as one."""

import re
from html import unescape

import pytest

from .story import organisation
from .test_asking import browser
from .test_doors import FORM, begun

pytestmark = pytest.mark.django_db


def said(page):
    listed = re.search(r'id="problems".*?</ul>', page.content.decode(), re.DOTALL)[0]
    return [unescape(one) for one in re.findall(r"<a href=[^>]+>([^<]+)</a>", listed)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_question_is_followed_by_a_sentence_and_a_name_by_a_colon(client, language):
    ours = organisation("Waterleiding Nieuweland", sectors=("1.6",))
    nora = browser(client, ours)
    page = nora.post(begun(nora, ours), {**FORM, "awareness": "", "summary": ""}, headers={"accept-language": language})
    assert page.status_code == 422
    told = said(page)
    assert told
    assert not [one for one in told if re.search(r"\?:|\? [a-z]", one)]
    assert all(re.search(r"\S: [a-z“0-9]|\? [A-Z]", one) for one in told), told
