"""What a mail is, by what it holds: two families or no phishing, and never a warning for whom it imitates."""

import json
import subprocess
import sys

import pytest
from tests.mails import letters, screens

from dijkwacht.mails.reading import read_mail
from dijkwacht.rooms.phishing.judging.analysing import analyse
from dijkwacht.rooms.phishing.judging.knowledge import brands, owner_of, sentences, shared_hosts
from dijkwacht.rooms.phishing.judging.names import likeness, mixes_scripts


def judged(html: str, *, sender: str = "PostNL <info@pakket.example>", subject: str = "Uw pakket"):
    mail = letters.suspicious(html, "html")
    mail.replace_header("From", sender)
    mail.replace_header("Subject", subject)
    return analyse(read_mail(mail.as_bytes()))


def codes(analysis) -> dict[str, list[str]]:
    return {one.link.host: [found.code for found in one.evidence] for one in analysis.links}


def test_evidence_of_two_families_is_phishing():
    found = judged('<a href="https://postnl-bezorging.example/x">Betaal</a>')
    assert found.verdict == "phishing"
    assert codes(found) == {"postnl-bezorging.example": ["brand-elsewhere", "brand-in-host"]}
    assert "2 soorten" in found.nl


def test_much_evidence_of_one_family_is_only_suspicious():
    found = judged('<a href="https://bezorging.example/x">www.postnl.example</a>')
    assert found.verdict == "suspicious"
    assert codes(found) == {"bezorging.example": ["shown-other", "brand-elsewhere"]}


def test_whom_the_mail_imitates_is_never_accused():
    """The text of a link is what it pretends; also where the text part of the mail repeats it."""
    mail = letters.suspicious("Ga naar www.bakkerij-postnl.example/betalen")
    mail.add_alternative('<a href="https://dief.example/">www.bakkerij-postnl.example/betalen</a>', subtype="html")
    found = analyse(read_mail(mail.as_bytes()))
    assert codes(found)["www.bakkerij-postnl.example"] == []
    assert "shown-other" in codes(found)["dief.example"]


def test_a_link_of_a_protected_brand_is_its_own_whatever_else_the_mail_holds():
    found = judged('<a href="https://jouw.postnl.nl/track">Volg</a>')
    assert found.verdict == "own"
    assert found.links[0].scope.kind == "none"
    assert "PostNL" in found.en


def test_a_brand_that_sends_from_its_own_domain_may_link_elsewhere():
    found = judged('<a href="https://enquete.example/x">Doe mee</a>', sender="PostNL <info@postnl.nl>")
    assert found.verdict == "cannot-say"
    assert found.en == "This cannot be said from the mail alone. That is not the same as safe."


def test_the_images_that_a_mail_borrows_are_no_evidence_and_make_it_nobodys_own():
    found = judged('<img src="https://postnl-logo.example/a.png"><img src="https://www.postnl.nl/b.png">')
    assert codes(found) == {"postnl-logo.example": [], "www.postnl.nl": []}
    assert found.verdict == "cannot-say"
    assert {one.scope.kind for one in found.links} == {"none"}


def test_a_mail_without_links_cannot_be_judged():
    assert judged("<p>Hallo</p>").verdict == "cannot-say"


def test_a_page_in_the_mail_that_asks_for_a_password_says_where_it_goes():
    found = judged('<form action="https://198.51.100.7/in"><input type="password"></form>', sender="Bank <b@b.example>")
    assert codes(found) == {"198.51.100.7": ["password-form", "address-as-host"]}
    assert found.verdict == "phishing"


SCOPES = {
    "https://dief.example/a": ("host", "dief.example", "dedicated"),
    "https://t.co/abc?utm_source=x": ("url", "https://t.co/abc", "shared"),
    "https://docs.google.com/forms/d/x": ("url", "https://docs.google.com/forms/d/x", "shared"),
    "https://naam.github.io/x": ("host", "naam.github.io", "dedicated"),
    "https://github.io/x": ("url", "https://github.io/x", "suffix"),
    "https://2130706433/x": ("host", "127.0.0.1", "address"),
    "https://mijn.ing.nl/": ("none", "", "own"),
    "https://forms.office.com/r/x": ("url", "https://forms.office.com/r/x", "shared"),
}


@pytest.mark.parametrize("url", SCOPES)
def test_a_warning_reaches_no_further_than_it_must(url):
    (one,) = judged(f'<a href="{url}">x</a>').links
    assert (one.scope.kind, one.scope.name, one.scope.why) == SCOPES[url]


LIKENESS = {
    "rabobank.klant.example": ("rabobank", "brand-in-host"),
    "mijn-rabobank.example": ("rabobank", "brand-in-host"),
    "rab0bank.example": ("rabobank", "brand-like-host"),
    "rabobamk.example": ("rabobank", "brand-like-host"),
    "robabank.example": None,
    "rabboank.example": ("rabobank", "brand-like-host"),
    "xn--rabbank-cjg.example": ("rabobank", "brand-like-host"),  # with a Cyrillic o
    "ing-betaling.example": ("ing", "brand-in-host"),
    "marketing.example": None,
    "bakkerij.example": None,
    "mijn.ing.nl": None,
    "www.rabobank.nl": None,
    "rnicrosoft.example": ("microsoft", "brand-like-host"),
}


@pytest.mark.parametrize("host", LIKENESS)
def test_a_host_that_looks_like_a_brand_and_is_not_of_it(host):
    found = likeness(host)
    assert (found and (found[0].slug, found[1])) == LIKENESS[host]


def test_no_brand_looks_like_another_on_its_own_domains():
    assert {
        domain: likeness(f"www.{domain}") for brand in brands() for domain in brand.domains if likeness(f"www.{domain}")
    } == {}


def test_scripts_that_are_mixed_are_seen():
    assert mixes_scripts("xn--rabbank-cjg.example")
    assert not mixes_scripts("xn--bcher-kva.example")


def test_the_tables_hold_together():
    owners = [domain for brand in brands() for domain in brand.domains]
    assert len(owners) == len(set(owners))
    assert {host for host in shared_hosts() if owner_of(host)} == set()
    assert all(set(one.nl.split("{")[0]) and one.en for one in sentences().values())


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "dijkwacht", "phishing", "analyse", *arguments]
    return subprocess.run(words, input=given, capture_output=True, check=False)


def test_the_command_gives_a_line_of_json_for_each_file(tmp_path):
    paths = [tmp_path / "a.eml", tmp_path / "b.eml"]
    paths[0].write_bytes(letters.attached())
    paths[1].write_bytes(b"")
    done = run(*map(str, paths), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    one, other = map(json.loads, done.stdout.splitlines())
    assert (one["file"], one["verdict"]) == (str(paths[0]), "suspicious")
    (link,) = one["links"]
    assert (link["link"]["canonical"], link["link"]["where"]) == (letters.LINK, "text")
    assert link["scope"] == {"kind": "host", "name": letters.HOST, "why": "dedicated"}
    assert link["evidence"][0]["nl"].startswith("De mail noemt PostNL")
    assert (other["verdict"], other["links"]) == ("cannot-say", [])


def test_the_command_reads_standard_input_and_takes_the_reporter_out():
    mail = letters.suspicious(f"{letters.LINK}?naam=janneke").as_bytes()
    done = run("-", "--json", "--reporter", "janneke@burger.example", given=mail)
    assert json.loads(done.stdout)["links"][0]["link"]["clean"] == f"{letters.LINK}?naam="


def test_the_command_reads_a_picture_of_a_message_as_the_page_does(tmp_path, monkeypatch):
    monkeypatch.setenv("DIJKWACHT_NODE_MODULES", screens.MODULES)
    lines, host = screens.MESSAGES["a parcel"]
    (tmp_path / "a.png").write_bytes(screens.screen(lines))
    said = json.loads(run(str(tmp_path / "a.png"), "--json").stdout)
    assert [(one["link"]["host"], one["link"]["where"]) for one in said["links"]] == [(host, "picture")]
    assert said["verdict"] == "suspicious"


def test_the_command_in_words():
    done = run("-", "--language", "nl", given=letters.HOSTILE["50,000 parts"])
    assert "niet te zeggen" in done.stdout.decode()
    assert "not looked at: parts: 1,001, at most 1,000" in done.stdout.decode()


def test_wrong_use_of_the_command_is_said():
    assert run().returncode == 2
    assert run("/nowhere.eml").returncode == 2
