"""No personal datum in the register without a term: each field says how long it is kept, or that it is about nobody."""

import pytest
from django.apps import apps

from dijkwacht.rooms.registry.keeping import table

MODELS = sorted(apps.get_app_config("registry").get_models(), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_the_register_is_in_the_table_or_says_nothing_about_a_person(model):
    fields = {field.name for field in model._meta.concrete_fields}
    personal, other = set(table.personal(model.__name__)), table.not_personal().get(model.__name__, frozenset())
    assert personal | other == fields, f"add {model.__name__}'s fields to keeping/retention.toml or not_personal.toml"
    assert not personal & other


def test_the_table_names_no_model_that_is_gone():
    named = {row["model"] for row in table.terms()} | table.not_personal().keys()
    assert named == {model.__name__ for model in MODELS}
