"""Which mails are of one attack: nearly equal ones are, and a good link neither joins two nor parts one."""

import base64

import pytest
from tests.phishing import post

from dijkwacht.mails.isolated import Reader
from dijkwacht.mails.reading import Mail, read_mail
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns import gathering, placing, rules
from dijkwacht.rooms.phishing.campaigns.gathering import Read
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.campaigns.scrubbing import nameless, scrubbed
from dijkwacht.rooms.phishing.intake.reading import READER

NEWS = (
    "Beste lezer,\n\nDeze maand bakken we weer speculaas volgens het recept van oma. Kom langs op zaterdag en proef, "
    "of bestel vooraf in de winkel. We zien u graag verschijnen tussen negen en vijf uur.\n\n{links}\n\nUw bakker"
)


def mail(*links: str, text: str = "", reporter: str = "jan.jansen@burger.example") -> Mail:
    body = text.format(links="\n".join(links)) if text else ""
    raw = post.forwarded(post.suspicious("\n".join(links), text=body), f"Jan Jansen <{reporter}>").as_bytes()
    return scrubbed(read_mail(raw, [reporter]), [reporter])


def take(*mails: Mail, source: str = "a", verified: bool = False) -> list[Report]:
    reports = [Report(vault="0" * 64, door="smtp", source=source, verified=verified) for _ in mails]
    with tenancy.acting(READER):
        gathering.take(actor=READER, read=[Read(*pair) for pair in zip(mails, reports, strict=True)])
    return reports


@pytest.fixture
def heard():
    """What those who weigh evidence heard."""
    found = []

    def hear(campaign, why, **_):
        found.append((campaign, why))

    events.campaign_changed.connect(hear)
    yield found
    events.campaign_changed.disconnect(hear)


@pytest.fixture
def campaigns(db):
    def every():
        with tenancy.acting(READER):
            return list(Campaign.objects.order_by("first_at"))

    return every


def test_a_mail_with_a_number_and_a_token_of_its_own_is_of_the_same_campaign(campaigns, heard):
    token = base64.urlsafe_b64encode(b"piet@burger.example").decode()
    take(mail("https://dief.example/x?id=123456789"))
    take(mail("https://dief.example/x?id=987654321"), mail(f"https://dief.example/x?id=55555555&e={token}"))
    (one,) = campaigns()
    assert one.mails == 3
    assert heard == [(one.id, "new")]


def test_a_text_that_was_changed_here_and_there_leads_to_the_same_campaign(campaigns):
    text = (
        "Uw pakket kon vandaag niet worden bezorgd omdat de kosten van de invoer nog niet zijn betaald. Betaal deze "
        "binnen twee dagen via onze site, anders gaat het pakket terug naar de afzender in het buitenland.\n{links}"
    )
    take(mail("https://dief.example/a", text=text))
    take(mail("https://dief.example/b", text=text.replace("twee dagen", "vijf dagen").replace("vandaag", "gisteren")))
    assert [one.mails for one in campaigns()] == [2]


def test_two_attacks_do_not_become_one_by_a_link_of_a_bank_that_both_hold(campaigns):
    take(mail("https://dief.example/x", "https://www.ing.nl/"))
    take(mail("https://boef.example/y", "https://www.ing.nl/"))
    assert [one.hosts for one in campaigns()] == [["dief.example"], ["boef.example"]]


def test_a_link_of_a_bank_that_is_added_parts_no_campaign(campaigns):
    take(mail("https://dief.example/x"), mail("https://dief.example/x", "https://www.ing.nl/veilig"))
    (one,) = campaigns()
    assert one.hosts == ["dief.example"]
    assert one.mails == 2


def test_a_copy_of_a_newsletter_with_one_evil_link_is_not_the_newsletter(campaigns):
    """Else its readers would hear "phishing", or the evil link would hide behind an analysis that knows it not."""
    good = "https://www.dekorst.example/speculaas"
    take(mail(good, text=NEWS))
    take(mail(good, "https://dief.example/x", text=NEWS))
    assert [one.hosts for one in campaigns()] == [["www.dekorst.example"], ["dief.example", "www.dekorst.example"]]


def test_another_page_on_a_site_that_was_broken_into_is_another_campaign(campaigns):
    take(mail("https://www.dekorst.example/speculaas", text=NEWS))
    take(mail("https://www.dekorst.example/wp-content/ing/inloggen"))
    assert len(campaigns()) == 2


def test_hosts_that_each_mail_has_of_its_own_come_with_their_own_evidence(campaigns, heard):
    take(mail("https://a1.dief.example/x"))
    take(mail("https://b2.dief.example/x"))
    (one,) = campaigns()
    assert one.hosts == ["a1.dief.example", "b2.dief.example"]
    assert [link["link"]["host"] for link in one.analysis["links"]] == ["a1.dief.example", "b2.dief.example"]
    assert [why for _, why in heard] == ["new", "new"]


def test_links_on_a_host_of_many_are_of_different_holders(campaigns):
    take(mail("https://t.co/eerste"), mail("https://t.co/tweede"))
    assert len(campaigns()) == 2


def test_only_distinct_verified_reporters_corroborate(campaigns, heard):
    for _ in range(5):
        take(mail("https://dief.example/x"), source="a", verified=True)
        take(mail("https://dief.example/x"), source="b")
    (one,) = campaigns()
    assert one.verified_sources == 1
    take(mail("https://dief.example/x"), source="b", verified=True)
    assert heard == [(one.id, "new"), (one.id, "corroboration")]


def test_a_campaign_of_many_mails_costs_one_analysis(campaigns, monkeypatch):
    analysed = []
    monkeypatch.setattr(placing, "analyse", lambda mail, real=placing.analyse: analysed.append(1) or real(mail))
    for start in range(0, 1000, 100):
        take(*(mail(f"https://dief.example/x?id={100_000_000 + start + number}") for number in range(100)))
    (one,) = campaigns()
    assert one.mails == 1000
    assert len(analysed) == 1


def test_mails_that_are_only_alike_cost_no_more_statements_than_equal_ones(campaigns, django_assert_max_num_queries):
    """Of a hundred that all have another key and link, as of a hundred equal ones: some statements a batch."""
    many = [mail(f"https://dief.example/p/{'abcdefghij'[number % 10]}/{number}a", text=NEWS) for number in range(100)]
    take(mail("https://dief.example/x", text=NEWS))
    with django_assert_max_num_queries(25):
        take(*many)
    (one,) = campaigns()
    with tenancy.acting(READER):
        assert (one.mails, one.variants.count()) == (101, 101)


def test_what_says_who_reported_is_in_nothing_that_is_stored():
    inner = post.suspicious("https://dief.example/jan.jansen/x?mail=jan.jansen@burger.example")
    inner.replace_header("Subject", "Jan Jansen, uw dossier 123 456 789 wacht")
    raw = post.forwarded(inner).as_bytes()
    found = scrubbed(read_mail(raw, ["jan.jansen@burger.example"]), ["jan.jansen@burger.example"])
    assert "jan" not in str(found).lower()
    assert found.subject == "… …, uw dossier … wacht"
    assert found.senders == ["PostNL <info@pakket.example>"]


def test_a_likeness_of_two_texts_is_about_the_share_of_runs_they_share():
    text = NEWS.format(links="")
    one, other = (read_mail(post.suspicious(text=words).as_bytes()) for words in (text, text.replace("oma", "opa")))
    assert rules.likeness(one.sketch, one.sketch) == 1
    assert 0.6 < rules.likeness(one.sketch, other.sketch) < 1
    assert one.text_key != other.text_key


INNER = (
    b"From: PostNL <info@evil.example>\r\nTo: jan@kpn.example\r\nCc: postnl@a.example, betaal@b.example\r\n"
    b"Subject: Uw PostNL pakket\r\n\r\nBetaal: https://postnl-x.example/betaal\r\n"
)


def test_whom_a_criminal_copies_takes_no_brand_and_no_path_out_of_the_mail():
    mail = scrubbed(read_mail(INNER, ["jan@kpn.example"], uploaded=True), ["jan@kpn.example"])
    assert mail.subject == "Uw PostNL pakket"
    assert mail.senders == ["PostNL <info@evil.example>"]
    assert [link.clean for link in mail.links] == ["https://postnl-x.example/betaal"]


def test_who_wrote_an_uploaded_mail_is_not_who_reported_it():
    assert scrubbed(read_mail(INNER), []).senders == []
    assert scrubbed(read_mail(INNER, uploaded=True), []).senders == ["PostNL <info@evil.example>"]
    with Reader() as reader:
        assert reader.read(INNER, uploaded=True) == read_mail(INNER, uploaded=True)


def test_a_reporter_who_is_called_as_a_brand_takes_no_part_of_a_path_out():
    assert nameless(["postnl@x.example", "janneke@x.example"]) == ["janneke@x.example"]
