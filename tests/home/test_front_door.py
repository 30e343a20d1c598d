"""What somebody who never was here finds at the front door."""

import re

import pytest

pytestmark = pytest.mark.django_db


def test_a_visitor_finds_where_to_assess_register_and_report_and_each_door_opens(client):
    main = client.get("/").content.decode().split("<main", 1)[1].split("</main>")[0]
    doors = re.findall(r'href="(/[^"]*)"', main)
    assert {"/assess", "/register", "/report", "/report/without-account", "/account/login/"} <= set(doors)
    for door in doors:
        assert client.get(door, follow=True).status_code == 200, door
