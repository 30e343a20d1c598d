"""The scheduler finds the sequencer by itself, and the tables are those of the models."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.module_loading import autodiscover_modules

from dijkwacht.platform.supervisor import ticks


def test_the_scheduler_knows_the_sequencer(log):
    autodiscover_modules("ticks")
    tick = next(tick for tick in ticks._ticks if tick.name == "audit:sequence")
    assert tick.seconds == 1
    log.write(2)
    tick.do()
    assert log.verify().size == 2


def test_the_models_are_those_of_the_migrations():
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    assert "audit" not in changes
