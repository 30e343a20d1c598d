"""A small batch does not wait for the index of a register that just changed, unless the change matters to it."""

import ipaddress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.data.attribution import attribute
from dijkwacht.data.index import build_index
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import intake, pipeline, registry_index
from dijkwacht.rooms.notification.models import Finding
from dijkwacht.rooms.registry import frame
from dijkwacht.rooms.registry.models import Asset, ChangedAsset, Organisation, RegistryVersion

TEST = system("test")
HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector"


@pytest.fixture
def bakery(db, settings, tmp_path):
    settings.HOME = tmp_path
    registry_index._load.cache_clear()
    with tenancy.acting(TEST):
        made = Organisation.objects.create(name="Bakkerij Korst")
        Asset.objects.create(organisation=made, kind="prefix", value="192.0.2.0/24", status="verified")
        registry_index.current()
        yield made
    registry_index._load.cache_clear()


@pytest.fixture
def builds(bakery, monkeypatch):
    """How many assets each index that is built meanwhile has."""
    heights = []

    def counting(registry):
        heights.append(registry.height)
        return build_index(registry)

    monkeypatch.setattr(registry_index, "build_index", counting)
    return heights


def hand_in(ip):
    line = f'"2026-11-21 03:00:00","high","{ip}","tcp","80","","http","64500","NL","","","","",""'
    content = f"{HEADER}\n{line}\n".encode()
    accepted = intake.accept(actor=TEST, chunks=[content], filename="2026-11-21-scan_http.csv", channel="cli")
    pipeline.process(accepted.batch.id)
    return sorted(Finding.objects.values_list("address", "organisation__name"))


def claimed(owner, value, kind="prefix"):
    return Asset.objects.create(organisation=owner, kind=kind, value=value, status="verified")


def test_a_change_elsewhere_is_not_waited_for(bakery, builds):
    claimed(bakery, "198.51.100.0/24")
    assert hand_in("192.0.2.7") == [("192.0.2.7", "Bakkerij Korst")]
    assert builds == [1]  # of what changed alone
    assert not registry_index.built()


def test_what_was_just_shown_to_be_theirs_is_found(bakery, builds):
    claimed(bakery, "198.51.100.0/24")
    assert hand_in("198.51.100.9") == [("198.51.100.9", "Bakkerij Korst")]
    assert builds == [1, 2]
    assert registry_index.built()


def test_a_narrower_claim_of_another_wins_at_once(bakery, builds):
    claimed(Organisation.objects.create(name="Molen"), "192.0.2.0/28")
    assert hand_in("192.0.2.7") == [("192.0.2.7", "Molen")]


@pytest.mark.parametrize(
    "change", [{"status": "disputed"}, {"expires_at": "2026-01-01T00:00:00Z"}, {"value": "203.0.113.0/24"}]
)
def test_what_is_not_theirs_any_more_is_not_told_to_them(bakery, change):
    Asset.objects.update(**change)
    assert hand_in("192.0.2.7") == []


def test_who_left_hears_nothing_more(bakery):
    Organisation.objects.update(active=False)
    assert hand_in("192.0.2.7") == []


def test_a_look_again_that_only_moves_the_date_changes_nothing(bakery):
    Asset.objects.update(expires_at="2036-01-01T00:00:00Z")
    assert registry_index.built()


def test_a_change_of_very_much_is_waited_for(bakery, builds, monkeypatch):
    claimed(bakery, "198.51.100.0/24")
    monkeypatch.setattr(frame, "CHANGES_AT_MOST", 0)
    hand_in("192.0.2.7")
    assert builds == [2]


def test_an_index_of_a_past_that_was_undone_is_not_used(bakery, builds):
    """A database restored from a backup counts on from a lower number, over the same numbers."""
    ChangedAsset.objects.update(changed_at="2026-01-01T00:00:00Z")
    claimed(bakery, "198.51.100.0/24")
    hand_in("192.0.2.7")
    assert builds == [2]


def test_what_every_index_knows_is_forgotten(bakery):
    for number in range(3):
        claimed(bakery, f"198.51.100.{number}/32")
    registry_index.current()
    assert [*ChangedAsset.objects.values_list("number", flat=True)] == [RegistryVersion.objects.get().number]


ASSETS = st.builds(
    lambda ident, owner, low, length, fallback: (
        *(owner, "prefix", str(ipaddress.ip_network((f"192.0.2.{low}", length), strict=False))),
        *(fallback, ident),
    ),
    *(st.integers(1, 12), st.sampled_from("abc"), st.integers(0, 31), st.integers(24, 32), st.booleans()),
)
REGISTERS = st.lists(ASSETS, max_size=8, unique_by=lambda asset: asset[-1])


def as_frame(assets):
    schema = {name: frame.FRAME[name] for name in ("organisation", "kind", "value", "fallback", "asset")}
    return pl.DataFrame(sorted(assets, key=lambda asset: asset[-1]), schema, orient="row")


def answers(pairs, registry):
    assets = registry["asset"].gather(pairs["asset"])
    return sorted(zip(pairs["row"], assets, pairs["how"], strict=True))


@given(old=REGISTERS, new=REGISTERS)
def test_an_index_that_is_behind_answers_as_the_present_one_or_says_that_it_cannot(old, new):
    seen = pl.DataFrame({"ip_low": [0xFFFF << 32 | 0xC0000200 + n for n in range(32)]}).select(
        *(pl.lit(0, pl.UInt64).alias("ip_high"), pl.col("ip_low").cast(pl.UInt64)),
        *(pl.lit(None, pl.UInt32).alias("asn"), pl.lit(None, pl.String).alias("host")),
    )
    changed = {asset[-1] for asset in {*old} ^ {*new}}
    present = [asset for asset in new if asset[-1] in changed]
    behind, index = build_index(as_frame(old)), build_index(as_frame(new))
    near = registry_index.Near(behind, frozenset(changed), build_index(as_frame(present)) if present else None)
    for row in range(seen.height):
        one = seen[row : row + 1]
        try:
            pairs = near.attribute(one)
        except registry_index.BehindError:
            continue
        assert answers(pairs, behind.registry) == answers(attribute(one, index), index.registry)
