"""A product is a file: what it says is read, what is not in order is refused with file and field."""

import pytest

from dijkwacht.rooms.services import catalogue, rules
from dijkwacht.rooms.services.errors import InvalidProduct
from dijkwacht.rooms.services.rules import Alternative, Standing

BAKERY = Standing(kind="organisation", classification="other")
MUNICIPALITY = Standing("organisation", "essential", frozenset({"1.10"}), frozenset({"prefix"}), contact=True)
RELAY = Standing("relay", "other", contact=True)
CASES = [
    ("notices", BAKERY, True, {"contact", "verified"}),
    ("notices", MUNICIPALITY, True, set()),
    ("advisories", BAKERY, True, {"contact"}),
    ("advisories", Standing("network-owner", "other"), False, {"contact"}),
    ("scan", BAKERY, False, {"contact", "verified"}),
    ("scan", MUNICIPALITY, True, set()),
    ("indicators", BAKERY, False, {"contact"}),
    ("indicators", MUNICIPALITY, True, set()),
    ("indicators", RELAY, True, set()),
]


@pytest.mark.parametrize(
    ("slug", "standing", "fits", "lacking"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_whom_a_product_is_for_and_what_it_needs(slug, standing, fits, lacking):
    product = catalogue.read((catalogue.OURS,))[slug]
    assert rules.fits(product, standing) is fits
    assert set(rules.lacking(product, standing)) == lacking


def test_what_is_not_delivered_yet_says_from_when():
    for product in catalogue.read((catalogue.OURS,)).values():
        assert product.delivered or all(product.starts.values()), product.slug


def test_everything_that_an_alternative_names_must_hold_and_a_whole_sector_holds_its_subsectors():
    asked = Alternative(classifications=frozenset({"essential"}), sectors=frozenset({"1"}), relay_member=False)
    assert asked.holds(MUNICIPALITY)
    assert not asked.holds(Standing("organisation", "essential", frozenset({"2.1"})))
    assert not asked.holds(Standing("organisation", "essential", frozenset({"1.10"}), relay_member=True))
    assert asked.asks() == {"classifications", "sectors", "relay_member"}


BROKEN = {
    "no name": ("name_nl = ", "other_nl = ", "other_nl"),
    "unknown need": ('needs = ["contact"]', 'needs = ["coffee"]', "coffee"),
    "not delivered and silent about it": ("delivered = true", "delivered = false", "from_nl"),
    "a subscription without a text": ("[consent]", "[consents]", "consents"),
    "an unknown fact": ("kinds = ", "colour = ", "colour"),
    "no TOML": ("order = 2", "order = = 2", "line 1"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_not_in_order_is_refused_by_name(what, tmp_path):
    before, after, named = BROKEN[what]
    text = (catalogue.OURS / "advisories.toml").read_text()
    assert before in text
    (tmp_path / "mine.toml").write_text(text.replace(before, after))
    with pytest.raises(InvalidProduct, match=r"mine\.toml") as refused:
        catalogue.read((tmp_path,))
    assert named in str(refused.value)


def test_a_file_of_the_installation_takes_the_place_of_ours(tmp_path):
    text = (catalogue.OURS / "advisories.toml").read_text().replace("order = 2", "order = 99")
    (tmp_path / "advisories.toml").write_text(text)
    read = catalogue.read((catalogue.OURS, tmp_path))
    assert list(read)[-1] == "advisories"
    assert len(read) == len([*catalogue.OURS.glob("*.toml")])
