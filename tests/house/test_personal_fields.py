"""No personal datum in register or reports without a term: each field says how long, or that it is about nobody."""

import pytest
from django.apps import apps

from dijkwacht.rooms.registry.keeping import holdings

HOLDINGS = [holdings.of(app) for app in ("registry", "proof", "reporting", "phishing", "advisories", "knowledge")]
MODELS = [
    (holding, model)
    for holding in HOLDINGS
    for model in sorted(apps.get_app_config(holding.app).get_models(), key=lambda model: model.__name__)
]


@pytest.mark.parametrize(("holding", "model"), MODELS, ids=[model._meta.label for _, model in MODELS])
def test_every_field_is_in_the_table_of_terms_or_says_nothing_about_a_person(holding, model):
    fields = {field.name for field in model._meta.concrete_fields}
    personal, other = set(holding.personal(model.__name__)), holding.not_personal.get(model.__name__, frozenset())
    where = f"rooms/{holding.app}/keeping"
    assert personal | other == fields, f"add {model.__name__}'s fields to {where}/retention.toml or not_personal.toml"
    assert not personal & other


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.app)
def test_the_table_names_no_model_that_is_gone(holding):
    named = {row["model"] for row in holding.terms} | holding.not_personal.keys()
    assert named == {model.__name__ for known, model in MODELS if known is holding}


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.app)
def test_every_term_says_from_when_it_counts(holding):
    history = ("registry", "Change")  # has a way of its own
    rows = [term for term in holding.terms if (holding.app, term["model"]) != history]
    assert all(holding.place(term).moment for term in rows)


def test_every_room_that_hands_in_a_table_is_held_to_it():
    assert [holding.app for holding in holdings.every()] == [holding.app for holding in HOLDINGS]
