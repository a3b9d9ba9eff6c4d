# Deskbell. `make demo` and `make test` need Python 3.11+ and make, nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 3
# What these hold, the store has a part in: `make check` runs them on both.
ON_BOTH_STORES := tests/app tests/crash tests/delivery tests/handlers tests/scheduler \
	tests/stories tests/upgrade tests/usecases -m "not any_store"
PYTEST = $(BIN)/pytest --quiet --numprocesses $(WORKERS) --dist worksteal

.PHONY: help demo run test check lint types layers bench soak lock clean

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Deskbell needs Python 3.11 or newer: install it, or name it with PYTHON=…"; exit 1; }
	@echo "Installing into $(VENV) (once) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Watch one busy day at the desk (no Slack account, no network)
	@$(BIN)/deskbell demo

run: $(READY) ## Serve the desk with the settings of .env
	@$(BIN)/deskbell run

test: $(READY) ## All tests but the long ones, on SQLite; what is most at stake on PostgreSQL too
	@$(PYTEST) -m "not thorough"

check: lint types layers ## Style, types, layers and every test; what needs the store on both stores
	@DESKBELL_TEST_STORE=sqlite $(PYTEST)
	@DESKBELL_TEST_STORE=postgresql $(PYTEST) $(ON_BOTH_STORES)

lint: $(READY) ## Style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(READY) ## Types
	@$(BIN)/mypy

layers: $(READY) ## The direction of imports
	@$(BIN)/lint-imports

bench: $(READY) ## Measure, side by side in one run (PART=business_time for that part alone)
	@$(BIN)/python -m tests.bench $(PART)

soak: $(READY) ## Check at length: a million deadlines, 100,000 lives, thousands of deaths
	@$(BIN)/python -m tests.oracle
	@DESKBELL_LIFE_CASES=100000 $(BIN)/pytest --quiet tests/domain/sla/clocks/test_clock_model.py
	@DESKBELL_STATEMENT_CASES=100000 $(BIN)/pytest --quiet tests/domain/agreements/test_statement_model.py
	@CI=true DESKBELL_PING_LIVES=100000 $(PYTEST) tests/usecases/escalation/test_ping_lives.py
	@CI=true DESKBELL_MONEY_LIVES=300 $(PYTEST) tests/usecases/agreements/test_money.py
	@$(BIN)/python -m tests.bench.steady
	@CI=true DESKBELL_REPLICA_POSTS=30 $(BIN)/pytest --quiet tests/postgres
	@CI=true DESKBELL_REPLICA_DEADLINES=1000 DESKBELL_STOP_SECONDS=90 \
		$(BIN)/pytest --quiet tests/postgres/test_many_deadlines.py
	@CI=true DESKBELL_FAULT_SHARE=1 DESKBELL_TEST_STORE=sqlite \
		$(PYTEST) tests/delivery/slack/test_every_fault_at_every_method.py
	@CI=true DESKBELL_FAULT_SHARE=1 DESKBELL_TEST_STORE=postgresql \
		$(PYTEST) tests/delivery/slack/test_every_fault_at_every_method.py
	@CI=true DESKBELL_STREAMS=5000 $(PYTEST) tests/stories/operations/test_streams.py
	@CI=true DESKBELL_ATTEMPTS=10000 $(PYTEST) tests/stories/operations/test_isolation.py
	@CI=true DESKBELL_CRASH_SHARE=1 $(PYTEST) tests/crash/test_crash_at_every_point.py
	@CI=true DESKBELL_KILLS=3000 $(PYTEST) tests/crash/test_random_crashes.py

lock: ## Resolve requirements.lock anew (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file requirements.lock

clean: ## Remove what was installed and cached
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
