"""A whole registration by posting the pages, as a browser without JavaScript does."""

from datetime import date
from pathlib import Path

from tests.accounts.people import TESTER

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.brokers import SESSION
from dijkwacht.rooms.registry import actions as registry

ON = date(2026, 11, 25)
KVK = "68750110"
NAME = "Drinkwaterbedrijf De Bron B.V."
HEADER = "kvk,rsin,name,trade_names,street,postcode,city,country,active\n"
REGISTER = f"{HEADER}{KVK},,{NAME},De Bron,Kade 1,1234 AB,Waterkant,NL,yes\n"
ASSESSMENT = (
    "est=nl&serv=nl&t=1.6-supplier&staff=400&turnover=80000000&balance=60000000&c.drinking-water-essential-part=yes"
)
ANSWERS = {
    "organisation": {"kvk": KVK, "name": "Drinkwaterbedrijf De Bron BV"},
    "entity": {"declaration": "essential", "entity_types": ["1.6-supplier"]},
    "contacts": {
        "security_name": "Meldkamer",
        "security_email": "soc@debron.example",
        "security_phone": "020 623 4567",
        "substitute_name": "Bestuur",
        "substitute_email": "bestuur@debron.example",
    },
    "reach": {
        "main_street": "Kade 1",
        "main_postcode": "1234 AB",
        "main_city": "Waterkant",
        "main_country": "NL",
        "emails": "info@debron.example",
        "phones": "+31 20 623 4567",
    },
    "holdings": {"holdings": "192.0.2.0 - 192.0.2.127\nhttps://www.debron.example/over-ons\nAS64496\n"},
    "services": {"member_states": ["NL"], "arrangements": "ISAC Water|2025-01-01"},
}


def prove(client, **numbers):
    """Give the session what a broker gives at sign-in."""
    session = client.session
    session[SESSION] = numbers
    session.save()


def fill(client, answers=ANSWERS, query=ASSESSMENT, **changes):
    """Go through every page; `changes` lay over the answers by the name of the question."""
    assert client.post("/register", {"query": query}).status_code == 302
    for step, given in answers.items():
        laid = {**given, **{name: value for name, value in changes.items() if name in given}}
        answer = client.post(f"/register/{step}", laid)
        assert answer.status_code == 302, answer.content.decode()


def confirm(client):
    """Confirm, and return the page that follows with the number of the registration."""
    answer = client.post("/register/check", {"true": "yes"})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]), answer["Location"].rpartition("/")[2]


def register_file(folder: Path, text: str = REGISTER) -> str:
    path = folder / "register.csv"
    path.write_text(text)
    return str(path)


def neighbour(domain):
    """Another organisation in the registry that has shown that a domain is its own; gives its identifier."""
    with tenancy.acting(TESTER):
        other = registry.create_organisation(actor=TESTER, name="Neighbour", kind="organisation")
        (asset,) = registry.claim_asset(actor=TESTER, organisation=other.id, kind="domain", value=domain)
        registry.verify_asset(actor=TESTER, asset=asset.uid, evidence="seen")
    return other.id


def seen(query):
    """Run a query in the scope of the centre."""
    with tenancy.acting(TESTER):
        return query()
