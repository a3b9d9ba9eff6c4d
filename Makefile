# Deskbell. `make demo` and `make test` need Python 3.11+ and make, nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

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

test: $(READY) ## Run all tests
	@$(BIN)/pytest --quiet --numprocesses $(WORKERS) --dist worksteal

check: lint types layers test ## Lint, types, layers and all tests

lint: $(READY) ## Style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(READY) ## Types
	@$(BIN)/mypy

layers: $(READY) ## The direction of imports
	@$(BIN)/lint-imports

bench: $(READY) ## Measure, side by side in one run (PART=business_time for that part alone)
	@$(BIN)/python -m tests.bench $(PART)

soak: $(READY) ## A million deadlines and 100,000 lives by minute counting; every story on PostgreSQL
	@$(BIN)/python -m tests.oracle
	@DESKBELL_LIFE_CASES=100000 $(BIN)/pytest --quiet tests/domain/test_clock_model.py
	@CI=true DESKBELL_REPLICA_POSTS=30 $(BIN)/pytest --quiet tests/postgres
	@CI=true DESKBELL_TEST_STORE=postgresql $(BIN)/pytest --quiet --numprocesses $(WORKERS) \
		--dist worksteal tests/app tests/handlers tests/scheduler tests/slack tests/stories tests/usecases

lock: ## Resolve requirements.lock anew (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file requirements.lock

clean: ## Remove what was installed and cached
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
