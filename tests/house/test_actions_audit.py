"""Every action names who acts, takes its arguments by keyword, and leaves a trace in the audit log."""

import ast
from pathlib import Path

import pytest

import dijkwacht

HOME = Path(dijkwacht.__file__).parent
# However deep a part of a room stands: `actions.py`, `actions_of_x.py`, or a folder `actions/`.
PLACES = ("**/actions*.py", "**/actions*/[!_]*.py")
MODULES = sorted(
    {path for place in ("rooms", "platform") for pattern in PLACES for path in (HOME / place).glob(pattern)}
)


def functions(tree):
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def called(node):
    """The names that `node` calls: `record(...)` and `audit.record(...)` both give "record"."""
    calls = (found.func for found in ast.walk(node) if isinstance(found, ast.Call))
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}


def recorders(tree):
    """The functions of a module that record, directly or through another of the same module."""
    found, known = {"record", "record_many"}, functions(tree)
    while True:
        more = {name for name, node in known.items() if called(node) & found} - found
        if not more:
            return found
        found |= more


def faults(source):
    """What is wrong with the public functions of a module of actions."""
    tree = ast.parse(source)
    recording = recorders(tree)
    for name, node in functions(tree).items():
        if name.startswith("_"):
            continue
        if node.args.args or node.args.posonlyargs or node.args.vararg:
            yield f"{name} takes arguments by position"
        if not node.args.kwonlyargs or node.args.kwonlyargs[0].arg != "actor":
            yield f"{name} does not take actor first"
        if name not in recording:
            yield f"{name} does not record"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_every_action_names_its_actor_and_is_recorded(path):
    found = list(faults(path.read_text(encoding="utf-8")))
    assert not found, "; ".join(found)


def test_parts_of_rooms_are_looked_at_too():
    seen = {str(path.relative_to(HOME / "rooms")) for path in MODULES if path.is_relative_to(HOME / "rooms")}
    assert {
        "reporting/netcode/actions.py",
        "reporting/crossing/actions/sharing.py",
        "registry/actions/mandates.py",
    } <= seen


EXAMPLES = [
    ("def act(*, actor, x): record(actor=actor)", []),
    ("def act(*, actor): audit.record(actor=actor)", []),
    ("def act(*, actor): _note(actor)\ndef _note(actor): record(actor=actor)", []),
    ("def act(*, actor, rows): record_many(Fact(actor=actor) for row in rows)", []),
    ("def act(actor): record(actor=actor)", ["act takes arguments by position", "act does not take actor first"]),
    ("def act(*, x, actor): record(actor=actor)", ["act does not take actor first"]),
    ("def act(*, actor): pass", ["act does not record"]),
    ("def _helper(x): pass", []),
]


@pytest.mark.parametrize(("source", "expected"), EXAMPLES)
def test_the_rule_bites(source, expected):
    assert list(faults(source)) == expected
