"""When two organisations become one, no table is forgotten: each says of its organisations whether its rows move."""

import pytest
from django.apps import apps
from django.db import models

from dijkwacht.platform import belonging
from dijkwacht.platform.belonging import FOLLOWS, MOVES, STAYS

OURS = [model for model in apps.get_models() if model.__module__.startswith("dijkwacht.")]


def faults(naming, declared, relations):
    """What is wrong with what a model says, in words of what to do."""
    for column in sorted(naming - declared.keys()):
        yield f"say in `when_joined` whether {column} MOVES, FOLLOWS a row that does, or STAYS and why"
    for column, says in declared.items():
        if column not in naming:
            yield f"{column} names no organisation"
        elif says.startswith(FOLLOWS) and says.removeprefix(FOLLOWS) not in relations:
            yield f"{column} follows {says.removeprefix(FOLLOWS)}, which is no relation"
        elif says.startswith(STAYS) and len(says.removeprefix(STAYS)) < 10:
            yield f"{column} stays: give the reason"
        elif not says.startswith((MOVES, FOLLOWS, STAYS)):
            yield f"{column}: {says!r} is neither MOVES, FOLLOWS nor STAYS"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_table_that_names_an_organisation_says_what_becomes_of_its_rows_when_two_are_joined(model):
    relations = {field.name for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
    found = list(faults(set(belonging.naming(model)), getattr(model, "when_joined", {}), relations))
    assert not found, f"{model._meta.label}: {'; '.join(found)}"


EXAMPLES = [
    ({"organisation_id"}, {"organisation_id": MOVES}, 0),
    ({"organisation_id"}, {"organisation_id": f"{FOLLOWS}asset"}, 0),
    ({"organisation_id"}, {"organisation_id": f"{STAYS}it says who was told"}, 0),
    ({"organisation_id", "about_id"}, {"organisation_id": MOVES}, 1),
    ({"organisation_id"}, {}, 1),
    ({"organisation_id"}, {"organisation_id": f"{FOLLOWS}nothing"}, 1),
    ({"organisation_id"}, {"organisation_id": STAYS}, 1),
    ({"organisation_id"}, {"organisation_id": "perhaps"}, 1),
    (set(), {"organisation_id": MOVES}, 1),
]


@pytest.mark.parametrize(("naming", "declared", "wrong"), EXAMPLES, ids=[str(at) for at in range(len(EXAMPLES))])
def test_the_rule_bites(naming, declared, wrong):
    assert len(list(faults(naming, declared, {"asset"}))) == wrong


def test_the_columns_are_found_by_what_they_are():
    named = {model._meta.label: set(belonging.naming(model)) for model in OURS}
    assert named["registry.Mandate"] == {"relay_id", "member_id"}
    assert named["notification.NoticeItem"] == {"organisation_id", "about_id"}
    assert named["accounts.Token"] == {"organisation_id"}
    assert named["enrolment.Draft"] == set()
