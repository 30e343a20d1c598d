"""A picture of a text message: the link that is written in it comes out, and no flood of pictures holds up mails."""

import pytest
from tests.mails import letters
from tests.mails.screens import COLOURS, MESSAGES, MODULES, screen

from dijkwacht.mails.files import FileUnreadableError
from dijkwacht.mails.isolated import Question, Reader
from dijkwacht.mails.pictures import Budget, whole, words_in
from dijkwacht.rooms.phishing.intake.wrapping import as_mail, recognised


@pytest.fixture(autouse=True)
def packages(monkeypatch):
    monkeypatch.setenv("DIJKWACHT_NODE_MODULES", MODULES)


def read(*contents, text=""):
    """What is read of a mail that holds pictures, as the shield reads it."""
    with Reader() as reader:
        return [reader.read(as_mail([text] if text else [], recognised(one)), uploaded=True) for one in contents]


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("message", MESSAGES)
def test_the_link_of_a_photographed_message_is_found_and_says_that_it_was_read_from_a_picture(message, colours):
    lines, host = MESSAGES[message]
    mails = read(*(screen(lines, colours=colours, scale=scale, kind=kind) for scale, kind in ((1, "PNG"), (3, "JPEG"))))
    assert [[(link.host, link.where) for link in mail.links] for mail in mails] == [[(host, "picture")]] * 2
    assert [mail.problems for mail in mails] == [[], []]
    assert all(0 < mail.words < 30 for mail in mails)  # those of the message, and not the source of the picture


def test_a_link_that_was_typed_stands_beside_what_the_picture_says():
    (mail,) = read(screen(MESSAGES["a bank"][0]), text="https://typed.example/x")
    assert {(link.host, link.where) for link in mail.links} == {
        ("typed.example", "text"),
        ("ing-pas-vernieuwen.com", "picture"),
    }


def test_pictures_of_mails_that_have_links_are_passed_over_and_logos_too():
    picture = screen(MESSAGES["a bank"][0])
    many = " ".join(f"https://h{number}.example/" for number in range(4))
    (full,) = read(picture, text=many)
    assert {link.where for link in full.links} == {"text"}
    (small,) = read(screen(MESSAGES["a bank"][0], scale=1, size=(390, 150)))
    assert (small.links, small.problems) == ([], [])


@pytest.mark.parametrize(
    "content",
    [
        screen([]),
        screen(["Hallo, tot morgen."]),
        screen([], size=(2500, 2500)),
        screen([], scale=1, size=(300, 19_000)),
    ],
    ids=["nothing", "no link", "very large", "very long"],
)
def test_a_picture_without_a_link_has_none(content):
    (mail,) = read(content)
    assert (mail.links, mail.problems) == ([], [])


def test_where_letters_cannot_be_read_it_says_what_to_do_and_other_links_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("DIJKWACHT_NODE_MODULES", str(tmp_path))
    (mail,) = read(screen(MESSAGES["a bank"][0]), text="https://typed.example/x")
    assert [link.host for link in mail.links] == ["typed.example"]
    assert [one for one in mail.problems if "dijkwacht assets" in one]


def test_a_flood_of_pictures_gets_a_share_of_the_time_and_the_rest_is_told_as_not_read():
    content = screen(MESSAGES["a bank"][0])
    spent = Budget(left=0.0, share=0.0)
    with pytest.raises(FileUnreadableError, match="too many pictures"):
        words_in(content, spent)
    later = Budget(left=-1.0, share=1e9)
    assert later.allows()
    assert later.left == later.most


def test_a_batch_with_a_picture_reads_the_mails_beside_it():
    plain, picture = letters.FORWARDED[next(iter(letters.FORWARDED))], as_mail([], recognised(screen(["geen link"])))
    with Reader() as reader:
        found = reader.read_many([Question(plain), Question(picture, uploaded=True), Question(plain)])
    assert [bool(mail.links) for mail in found] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "put_together"),
    [
        ("op https://a-\nb.example/x en", "op https://a-b.example/x en"),
        ("zie ing-pas-\nvernieuwen.com nu", "zie ing-pas-vernieuwen.com nu"),
        ("een betaal-\nverzoek", "een betaal-\nverzoek"),
        ("https://a.example/een/lang/pa\nd/verder", "https://a.example/een/lang/pad/verder"),
        (
            "https://a.example/kort\nvoor wie een lange regel schrijft",
            "https://a.example/kort\nvoor wie een lange regel schrijft",
        ),
        ("via https://a-\n\nb.example/x nu", "via https://a-b.example/x nu"),
        ("via a.example/x\n\nnu", "via a.example/x\nnu"),
        ("hitps:/a.example/x", "https://a.example/x"),
        ("https//a.example", "https://a.example"),
        ("hxxps://a[.]Jtop/x", "hxxps://a.top/x"),
        ("http://\na.example/x", "http://a.example/x"),
        ("", ""),
    ],
)
def test_what_a_narrow_screen_breaks_is_put_together(text, put_together):
    assert whole(text) == put_together
