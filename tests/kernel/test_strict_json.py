"""JSON at its word: what a lenient reader would lose is refused, with its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.kernel import strict_json
from dijkwacht.kernel.strict_json import Twice

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_what_has_no_name_twice_is_read_as_json_reads_it(value):
    assert strict_json.loads(json.dumps(value)) == value
    assert strict_json.loads(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        ('{"a": 1, "a": 2}', "a", 1, 10),
        ('{"a": [{"b": "}\\"{:", "c": 1,\n "b": 2}]}', "b", 2, 2),
        ('{"a": 1,\n"\\u0061": {"b": 1, "b": 1}}', "a", 2, 1),
        ('[{"a": 1}, {"a": 1}, {"a": {"a": 1}, "b": 1, "b": 1}]', "b", 1, 46),
    ],
)
def test_a_name_that_stands_twice_is_refused_at_its_place(text, name, line, column):
    for given_as in (text, text.encode()):
        with pytest.raises(Twice, match=f"^{name} stands twice in one object") as raised:
            strict_json.loads(given_as)
        assert (raised.value.name, raised.value.lineno, raised.value.colno) == (name, line, column)


@given(VALUES, VALUES)
def test_wherever_a_name_is_put_twice_it_is_found(outer, value):
    twice = f'{{"x": {json.dumps(value)}, "y": 0, "x": {json.dumps(value)}}}'
    text = json.dumps([outer, "HERE", outer]).replace('"HERE"', twice)
    with pytest.raises(Twice) as raised:
        strict_json.loads(text)
    assert text[raised.value.pos :].startswith('"x": ')
