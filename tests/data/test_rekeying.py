"""An id made again from what is stored of a finding is the id that the data path gave it."""

import polars as pl
import pytest
from frames import observations, registry
from slow_reference import Seen

from dijkwacht.data.attribution import attribute
from dijkwacht.data.grouping import Grouper
from dijkwacht.data.index import build_index
from dijkwacht.data.rekeying import SOUGHT, finding_ids

SALT = b"a salt of this installation"
ASSETS = ("prefix", "192.0.2.0/24"), ("domain", "korst.example"), ("prefix", "2001:db8::/32"), ("asn", "AS64500")
SEEN = [
    Seen(ip="192.0.2.7", asn=None, host=None),
    Seen(ip=None, asn=None, host="shop.korst.example"),
    Seen(ip="2001:db8::1", asn=None, host="www.korst.example"),
    Seen(ip="203.0.113.9", asn=64500, host=None),
]


def grouped(owner):
    """The ids that the data path gives SEEN when all assets are of one organisation, and the rows to make them of."""
    assets = registry(*((owner, *asset) for asset in ASSETS))
    index = build_index(assets)
    frame, grouper = observations(SEEN), Grouper(index, SALT)
    grouper.add(frame, attribute(frame, index), "source")
    found = grouper.findings()
    held = assets.select("organisation", asset_kind="kind", asset_value="value").with_row_index("asset")
    addresses = frame.select(pl.col("line").alias("sample_line"), address=pl.col("ip").fill_null(""))
    rows = found.join(held.cast({"asset": found["asset"].dtype}), on="asset").join(addresses, on="sample_line")
    ids = [f"{high:016x}{low:016x}" for high, low in rows.select("id_high", "id_low").rows()]
    return ids, rows.select(SOUGHT).cast(pl.String)


@pytest.mark.parametrize("owner", ["6d1a0b54-7b5d-4b0b-9f3b-000000000001", "6d1a0b54-7b5d-4b0b-9f3b-000000000002"])
def test_the_ids_are_those_of_the_data_path(owner):
    ids, rows = grouped(owner)
    assert len(ids) == 4
    assert finding_ids(rows, SALT) == ids


def test_another_organisation_gets_the_ids_that_it_would_have_had():
    _, rows = grouped("one")
    ids, _ = grouped("another")
    moved = finding_ids(rows.with_columns(organisation=pl.lit("another")), SALT)
    assert sorted(moved) == sorted(ids)
    assert set(moved).isdisjoint(finding_ids(rows, SALT))


def test_nobody_makes_them_without_the_salt():
    ids, rows = grouped("one")
    assert set(finding_ids(rows, b"another salt")).isdisjoint(ids)
