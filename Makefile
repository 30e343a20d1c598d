# The recipes of this project. Two are enough: `make up` serves the system with demo data, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
ASSETS := $(VENV)/.assets
CATALOGUES := $(shell find src -name '*.po')

.PHONY: up setup setup-dev test check bench docs lock packages messages

up: setup  ## Serve everything with demo data on http://127.0.0.1:8000
	@exec $(BIN)/dijkwacht up

setup: $(RUNTIME) $(ASSETS) messages  ## Install all that a running system needs; then .venv/bin/dijkwacht works

setup-dev: setup $(DEV)  ## And what tests and checks need

$(RUNTIME): requirements/runtime.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/runtime.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): $(RUNTIME) requirements/dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.lock
	touch $@

$(ASSETS): $(RUNTIME) src/dijkwacht/portal/frontend/package-lock.json
	$(BIN)/dijkwacht assets
	touch $@

messages: $(RUNTIME)  ## Compile the Dutch texts
	@$(BIN)/python -m dijkwacht.portal.messages

packages:  ## Chromium, a second PostgreSQL, resolvers and an IMAP server from the distribution's packages, for the tests
	@.ci/packages

test: setup-dev packages  ## Every test, browser included
	$(BIN)/python -m pytest -n 2 --reruns 1 -rfER

check: setup-dev  ## Style, types, import contracts, the rules about the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/house

bench: setup-dev  ## Measure; each program prints a table
	$(BIN)/python bench/notification.py

docs: setup-dev  ## The documentation, in docs/_build
	$(BIN)/sphinx-build -q -W -b html docs docs/_build

lock:  ## Resolve the requirements anew
	$(BIN)/python -m pip install --quiet uv
	for name in runtime dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate requirements/$$name.in --output-file requirements/$$name.lock; done
