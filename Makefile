# A thin wrapper over venv and pip: python3 >= 3.11 with venv, make and PyPI are all that it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo test lint bench bench-compare bench-readme soak chaos fuzz canaries browser observed docs clean
TRIALS ?= 200
BACKEND ?= local
MINUTES ?= 10
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(STAMP) ## make the virtual environment and install into it

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "blinkdecl needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP) ## walk through the whole job against a sandbox, on this machine alone
	@$(BIN)/blinkdecl demo

test: $(STAMP) ## run every test
	@$(BIN)/python -m pytest

lint: $(STAMP) ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(STAMP) ## time the commands as whole processes, print the table and keep it in benchmarks/results
	@$(BIN)/python -m benchmarks

bench-compare: $(STAMP) ## compare two runs that were kept: OLD=FILE, and NEW=FILE or the last one
	@$(BIN)/python -m benchmarks.compare $(OLD) $(NEW)

bench-readme: $(STAMP) ## write the table of the last run, or of NEW=FILE, into benchmarks/README.md
	@$(BIN)/python -m benchmarks.readme $(NEW)

soak: $(STAMP) ## kill the command line TRIALS times over, with BACKEND local, http, gitlab, s3 or postgres
	@$(BIN)/python -m tests.whole.soak --trials $(TRIALS) --backend $(BACKEND)

chaos: $(STAMP) ## the same with faults on the way, over every command that writes; TRIALS and BACKEND as above
	@$(BIN)/python -m tests.whole.soak.chaos --trials $(TRIALS) --backend $(BACKEND)

fuzz: $(STAMP) ## read odd input for MINUTES; what fails is kept in tests/fuzz/found
	@$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

browser: $(STAMP) ## render the pages in Chromium, check what it shows, and keep the pictures
	@$(BIN)/python -m tests.browser

observed: $(STAMP) ## observe a month of 100,000 alerts, with edits in the console and without, and read one
	@$(BIN)/python -m tests.history

docs: $(STAMP) ## write the pages of docs/ that follow from the code
	@$(BIN)/python -m docs.generator

canaries: $(STAMP) ## run every command under every fault, and look for secrets in all that is left
	@$(BIN)/python -m tests.whole.canaries

clean: ## remove the virtual environment and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
