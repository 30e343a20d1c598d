"""When a registration goes by itself: every reason why not, and the names that count as the same."""

from dataclasses import replace

import pytest

from dijkwacht.rooms.enrolment import names
from dijkwacht.rooms.enrolment.rules import Facts, Listed, Reason, weigh
from dijkwacht.rooms.registry.cleaners import Refused

RIGHT = Facts(
    proven={"kvk": "68750110"},
    given={"kvk": "68750110", "rsin": "123456782"},
    name="De Bron B.V.",
    declared="essential",
    assessed=("essential",),
    listed=Listed(names=("De Bron BV",)),
)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"declared": "domain-registrar", "assessed": ("register-only",)}, []),
        ({"proven": {"kvk": "68750110", "oin": "00000001123456782000"}}, []),
        ({"proven": {}}, [Reason.NOT_PROVEN]),
        ({"proven": {"kvk": "12345678"}}, [Reason.OTHER_NUMBER]),
        ({"proven": {"oin": "00000001123456782000"}}, [Reason.OTHER_NUMBER]),
        ({"proven": {"kvk": "68750110", "rsin": "111222333"}}, [Reason.OTHER_NUMBER]),
        ({"register": False, "listed": None}, [Reason.NO_REGISTER]),
        ({"listed": None}, [Reason.UNKNOWN_NUMBER]),
        ({"listed": Listed(names=("De Bron BV",), active=False)}, [Reason.ENDED]),
        ({"listed": Listed(names=("De Pomp BV", "Pomp"))}, [Reason.OTHER_NAME]),
        ({"listed": Listed(names=("De Pomp BV", "de bron"))}, []),
        ({"assessed": ()}, [Reason.NOT_ASSESSED]),
        ({"assessed": ("important",)}, [Reason.OTHER_CLASS]),
        ({"assessed": ("essential", "important")}, [Reason.OTHER_CLASS]),
        ({"declared": "none", "assessed": ("outside",)}, [Reason.VOLUNTARY]),
        ({"declared": "none", "assessed": ("essential",)}, [Reason.OTHER_CLASS]),
        ({"taken": True}, [Reason.TAKEN]),
        ({"contested": True}, [Reason.CONTESTED]),
        ({"name": "De Br\u043en B.V."}, [Reason.OTHER_NAME, Reason.STRANGE_NAME]),
        ({"proven": {}, "taken": True}, [Reason.NOT_PROVEN, Reason.TAKEN]),
    ],
)
def test_what_keeps_a_registration_from_going_by_itself(change, reasons):
    assert list(weigh(replace(RIGHT, **change))) == reasons


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("De Bron B.V.", "de bron bv", True),
        ("Caf\u00e9 'T Hoekje V.O.F.", "cafe t hoekje vof", True),
        ("Jansen & Zonen N.V.", "Jansen en Zonen", True),
        ("Stichting Zorg", "Zorg", True),
        ("De Bron", "De Bronnen", False),
        ("De Bron", "De Br\u043en", False),
        ("B.V.", "N.V.", False),
    ],
)
def test_names_are_the_same_but_for_spelling(one, other, same):
    assert names.same(one, other) is same


@pytest.mark.parametrize(
    "name",
    [
        "De\u202eBron",
        "De\u200bBron",
        "De\u2066Bron",
        "\ufeffDe Bron",
        "De\x00Bron",
        "...",
        "e\u0301\u0302\u0303",
        "x" * 201,
    ],
)
def test_a_name_with_signs_that_deceive_is_refused(name):
    with pytest.raises(Refused):
        names.clean(name)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "Bäckerei Müller", "L'Été & Cie", "Ελληνικά"])
def test_a_name_that_is_only_odd_is_kept_as_it_is(name):
    assert names.clean(name) == name
