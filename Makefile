# Two commands matter: `make run` and `make test`. Each sets up what it needs; a second run is quick.
PYTHON ?= python3
# Told to set-up where somebody chose it; otherwise the environment gets the quicker of this and the system's
export SHANHAI_PYTHON := $(if $(filter-out file,$(origin PYTHON)),$(PYTHON))
PORT ?= 8000
CHECKS ?=
TESTS ?= tests
BIN := .venv/bin

.PHONY: setup setup-tests run test consortium check pytest coverage fix messages pictures clean test-postgres
PGTESTS ?=

run: setup
	@$(BIN)/shanhai demo --port $(PORT)

test: setup-tests
	@status=0; \
	$(BIN)/python scripts/checks.py || status=1; \
	$(BIN)/pytest -n auto $(TESTS) || status=1; \
	exit $$status

setup:
	@$(PYTHON) scripts/bootstrap.py

setup-tests:
	@$(PYTHON) scripts/bootstrap.py --tests

# The consensus program of a consortium ledger; prints its version
consortium:
	@$(PYTHON) scripts/bootstrap.py --consortium

# One check or several: make check CHECKS="lint mypy"
check: setup-tests
	@$(BIN)/python scripts/checks.py $(CHECKS)

pytest: setup-tests
	@$(BIN)/pytest -n auto $(TESTS)

# Every test that touches a database, on a PostgreSQL of the run's own; make test-postgres PGTESTS="tests/web/ledger"
test-postgres: setup-tests
	@$(BIN)/python scripts/test_on_postgres.py $(PGTESTS)

coverage: setup-tests
	@$(BIN)/pytest -n auto --cov --cov-report= $(TESTS)
	@$(BIN)/python scripts/coverage_gate.py

fix: setup-tests
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet

messages: setup-tests
	@$(BIN)/python scripts/messages.py update
	@$(BIN)/python scripts/messages.py compile

pictures: setup-tests
	@$(BIN)/python scripts/take_pictures.py

clean:
	rm -rf .build .venv node_modules src/shanhai/web/static/lib
