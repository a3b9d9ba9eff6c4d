# Deskbell. `make demo` and `make test` need Python 3.11+ and make, nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# The layers of the installation: what the desk needs, then what works on it needs.
RUN := $(VENV)/.run
TEST := $(VENV)/.test
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
# Bytecode is kept even where the environment says otherwise: without it each command, and each
# process of the tests, compiles every module again.
export PYTHONDONTWRITEBYTECODE =
# What these hold, the store has a part in: `make check` runs them on both.
ON_BOTH_STORES := tests/app tests/crash tests/delivery tests/handlers tests/scheduler \
	tests/stories tests/upgrade tests/usecases -m "not any_store"
PYTEST = $(BIN)/pytest --quiet --numprocesses $(WORKERS) --dist worksteal

# Begin anew after an installation that was interrupted, or for another interpreter.
ifneq ($(wildcard $(VENV)/.unfinished),)
$(shell rm -f $(VENV)/.python)
endif
ifneq ($(origin PYTHON),file)
ifneq ($(shell cat $(VENV)/.python 2>&1),$(shell $(PYTHON) -c 'import sys; print(sys.version)' 2>&1))
$(shell rm -f $(VENV)/.python)
endif
endif

.PHONY: help demo run test check lint types layers bench soak lock clean

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# .venv borrows the interpreter's own pip; where there is none, it gets one.
$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Deskbell needs Python 3.11 or newer: install it, or name it with PYTHON=…"; exit 1; }
	@pip=$$($(PYTHON) -c 'import pip; print(pip.__path__[0])' 2>/dev/null); \
		$(PYTHON) -m venv --clear $${pip:+--without-pip} $(VENV) && \
		mkdir $(VENV)/borrowed && { test -z "$$pip" || ln -s "$$pip" $(VENV)/borrowed/pip; }
	@$(PYTHON) -c 'import sys; print(sys.version)' >$@

# pip goes through tens of thousands of links, none of which is garbage.
PIP = PYTHONPATH=$(VENV)/borrowed $(BIN)/python -c \
	'import gc, runpy; gc.set_threshold(100_000); runpy.run_module("pip", run_name="__main__")'

# $(call install,LOCK,WHAT): pip's own words are shown only if it fails.
define install
@echo "Installing $(2) into $(VENV) (once) …"
@touch $(VENV)/.unfinished
@$(PIP) install --quiet --disable-pip-version-check --no-input --no-compile --no-deps \
	--require-hashes --requirement $(1) >$(VENV)/pip.log 2>&1 || { cat $(VENV)/pip.log >&2; exit 1; }
@rm $(VENV)/.unfinished
@touch $@
endef

define LAUNCHER
#!/bin/sh
exec '$(CURDIR)/$(BIN)/python' -P -c 'import sys; sys.argv[0] = "deskbell"; from bot.__main__ import main; main()' "$$@"
endef
export LAUNCHER

$(RUN): requirements.lock $(VENV)/.python
	$(call install,requirements.lock,what the desk needs)
	@echo "$(CURDIR)" >$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/deskbell.pth
	@printf '%s\n' "$$LAUNCHER" >$(BIN)/deskbell
	@chmod +x $(BIN)/deskbell

$(TEST): tests/requirements.lock $(RUN)
	$(call install,tests/requirements.lock,the test tools)

$(DEV): .ci/requirements.lock $(TEST)
	$(call install,.ci/requirements.lock,the development tools)

$(BENCH): tests/bench/requirements.lock $(TEST)
	$(call install,tests/bench/requirements.lock,what the desk is compared with)

demo: $(RUN) ## Watch one busy day at the desk (no Slack account, no network)
	@$(BIN)/deskbell demo

run: $(RUN) ## Serve the desk with the settings of .env
	@$(BIN)/deskbell run

test: $(TEST) ## The quick tests on SQLite, and the most important tests on PostgreSQL too
	@$(PYTEST) -m "not thorough" --hypothesis-profile quick

check: lint types layers $(BENCH) ## Style, types, layers and all tests; tests of the store on both stores
	@DESKBELL_TEST_STORE=sqlite $(PYTEST)
	@DESKBELL_TEST_STORE=postgresql $(PYTEST) $(ON_BOTH_STORES)

lint: $(DEV) ## Style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(DEV) $(BENCH) ## Types
	@$(BIN)/mypy

layers: $(DEV) ## The direction of imports
	@$(BIN)/lint-imports

bench: $(BENCH) ## Measure, side by side in one run (PART=business_time for that part alone)
	@$(BIN)/python -m tests.bench $(PART)

soak: $(BENCH) ## Run the long tests: a million deadlines, 100,000 ticket histories, 3,000 kills
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

lock: ## Resolve the locks anew (needs uv)
	@$(RESOLVE) pyproject.toml --output-file requirements.lock
	@$(RESOLVE) --group test --constraint requirements.lock --output-file tests/requirements.lock
	@$(RESOLVE) --group dev --constraint requirements.lock --constraint tests/requirements.lock \
		--output-file .ci/requirements.lock
	@$(RESOLVE) --group bench --constraint requirements.lock --constraint tests/requirements.lock \
		--constraint .ci/requirements.lock --output-file tests/bench/requirements.lock
RESOLVE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade

clean: ## Remove what was installed and cached
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
