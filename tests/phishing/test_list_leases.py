"""A lease that grew longer is no event of the log, and still reaches whoever reads until when an entry lasts."""

import json
from datetime import timedelta

from django.test import Client
from tests.phishing.listed import DESK, block

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import publishing
from dijkwacht.rooms.phishing.listing.formats import FORMATS, stix
from dijkwacht.rooms.phishing.listing.models import Entry


def publish_due():
    """What the job does that a tick asks for."""
    for name in publishing.due():
        publishing.publish(name)


def test_a_lease_that_grew_longer_is_told_by_the_formats_that_say_until_when(tmp_path, settings, db, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(publishing, "PACE", 0.0)
    block("dief.example", lease=timedelta(hours=1))
    publish_due()
    before = {form.file: Client().get(f"/phishing/list/{form.file}") for form in FORMATS.values()}
    assert publishing.due() == []
    block("dief.example", lease=timedelta(hours=5))  # no event of the log
    with tenancy.acting(DESK):
        until = Entry.objects.get().lease_until
    assert publishing.due() == ["csv", "json", "stix", "misp"]
    publish_due()
    assert publishing.due() == []
    after = {
        file: Client().get(f"/phishing/list/{file}", headers={"If-None-Match": was["ETag"]})
        for file, was in before.items()
    }
    assert [answer.status_code for answer in after.values()] == [304] * 5 + [200] * 4 + [304]
    assert until.isoformat() in after["list.csv"].content.decode()
    assert json.loads(after["list.json"].content)["entries"][0]["lease_until"] == until.isoformat()
    was, now = (_indicator(one["list.stix.json"]) for one in (before, after))
    assert (was["id"], was["modified"] < now["modified"], now["valid_until"]) == (now["id"], True, stix.moment(until))
    was, now = (_attribute(one["misp.json"]) for one in (before, after))
    assert (was["uuid"], was["timestamp"] <= now["timestamp"]) == (now["uuid"], True)


def _indicator(answer):
    return next(one for one in json.loads(answer.content)["objects"] if one["type"] == "indicator")


def _attribute(answer):
    return next(iter(json.loads(answer.content)["events"].values()))["Event"]["Attribute"][0]
