# Everything from a fresh clone with Python >= 3.11 and make: `make demo`, then `make test`.
# Packages come from requirements.lock / requirements-dev.lock: names, versions and hashes, nothing else.
PYTHON ?= python3
BIN := .venv/bin
TAGGANT := $(BIN)/taggant
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: bench-parts bench-screening help demo serve test lint types layers unit docs bench calibrate faults lock clean chromium

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

# --- set-up: each stamp is newer than the lock it was made from --------------------------------
.venv/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Taggant needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12 demo" % v[:2])'
	@$(PYTHON) -m venv .venv || { echo "Python has no venv module here. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

# uv comes first, alone, with its own hashes cut out of the lock; it then installs the rest.
.venv/uv: .venv/python requirements.lock
	@awk '/^uv==/{on=1} on{print} on&&!/\\$$/{exit}' requirements.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@touch $@

.venv/ready: .venv/uv requirements.lock pyproject.toml
	@echo "setting up .venv (packages of requirements.lock)"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@echo "setting up what tests need (packages of requirements-dev.lock)"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Pages are looked at in Debian's Chromium; nothing is downloaded by the test tool itself.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium for the page tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else \
	    echo "The page tests need Chromium. Install it (Debian or Ubuntu: sudo apt-get install chromium), then run make test again."; exit 1; \
	  fi; }

## make demo       set up, import the shipped case into ./demo, answer, write the pages, say where they are
demo: .venv/ready
	@$(TAGGANT) demo demo

## make serve      the same case in the browser, on this machine only
serve: .venv/ready
	@test -d demo/.taggant || $(TAGGANT) demo demo
	@$(TAGGANT) serve demo

## make test       lint, types, floors, manual and tests
test: .venv/ready-dev chromium
	@$(MAKE) --no-print-directory lint types layers docs unit

lint: .venv/ready-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/ready-dev
	@$(BIN)/mypy

layers: .venv/ready-dev
	@$(BIN)/lint-imports --no-cache

unit: .venv/ready-dev
	@$(BIN)/pytest -n $(JOBS) --durations=5

## make docs       the manual, strictly built, in docs/_build/html
docs: .venv/ready-dev
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

## make bench      measure and write docs/measured/
bench: .venv/ready-dev
	@$(BIN)/python -m benchmarks.ledger && $(BIN)/python -m benchmarks.import_rows

## make bench-parts   measure looking part numbers up among half a million
bench-parts: .venv/ready-dev
	@$(BIN)/python -m benchmarks.parts

## make bench-screening   measure screening beside its peers (they are installed apart; long)
bench-screening: .venv/ready-dev
	@$(BIN)/python -m benchmarks.screening

## make calibrate  how often silences and variants are judged wrongly in invented worlds (long)
calibrate: .venv/ready-dev
	@$(BIN)/python -m benchmarks.calibrate_stops && $(BIN)/python -m benchmarks.calibrate_serials && $(BIN)/python -m benchmarks.calibrate_attribution 25

## make faults     a thousand kills, every cut of the write order, a thousand flipped bits, 10,000 commits at once (long)
faults: .venv/ready-dev
	@$(BIN)/pytest -m faults --kills 260 -n $(JOBS) -q -rP

## make lock       write both lock files anew from pyproject.toml
lock: .venv/uv
	@$(BIN)/uv pip compile --quiet --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --group setup pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --group setup --extra dev --extra ocr --extra screening --extra postgres -c requirements.lock pyproject.toml -o requirements-dev.lock

## make clean      remove what make made (never a case of yours; ./demo is ours)
clean:
	@rm -rf .venv demo docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache dist
