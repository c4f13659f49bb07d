# `make help` lists what there is. Everything happens in .venv and PATHOS_HOME (var/ by default).
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# A stamp carries the checksum of what it stands for, so a changed list is installed again.
RUN_STAMP := $(VENV)/run-$(shell cat requirements/web.txt requirements/train.txt | cksum | tr ' ' -)
DEV_STAMP := $(VENV)/dev-$(shell cat requirements.txt requirements/*.txt | cksum | tr ' ' -)

.DEFAULT_GOAL := help
.PHONY: help demo install test lint format bench messages requirements clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(RUN_STAMP) ## start everything on this machine with the demo campaign
	@$(BIN)/python manage.py up --demo --port $(PORT)

install: $(DEV_STAMP) ## make .venv with all that running, training and testing need

test: $(DEV_STAMP) ## lint, then the whole test suite on real servers and a real browser
	@scripts/check $(BIN)

lint: $(DEV_STAMP) ## ruff: mistakes and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

format: $(DEV_STAMP) ## ruff: mend what can be mended
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

bench: $(DEV_STAMP) ## labels per second under 20 concurrent raters
	@$(BIN)/python -m bench.label_loop

messages: $(DEV_STAMP) ## collect what pages say in locale/, and compile it (needs gettext)
	@$(BIN)/python scripts/messages.py

requirements: $(DEV_STAMP) ## pin requirements/*.txt from the hand-written *.in
	@scripts/pin $(BIN)

clean: ## remove .venv, caches and the state in var/
	rm -rf $(VENV) var .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_STAMP):
	@scripts/install "$(PYTHON)" $(VENV) requirements/web.txt requirements/train.txt
	@touch $@

$(DEV_STAMP):
	@scripts/install "$(PYTHON)" $(VENV) requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps -r requirements/alone.txt
	@touch $@
