# Everything runs in .venv, made from requirements.lock; nothing is installed outside this directory and the cache.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo
WORKERS ?= auto
# What validation runs, and what our own tests hold delivered workflows to.
TOOLS := terraform helm kustomize kubeconform actionlint

.PHONY: help setup tools demo test lint types unit soak canaries bench reference score clean

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make the virtual environment

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "setout needs Python 3.11 or newer; run: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@echo "making $(VENV) (once, about half a minute)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

tools: $(READY) ## get terraform, helm, kustomize, kubeconform and actionlint where they are missing
	@$(BIN)/setout tools install $(TOOLS) >&2

demo: tools ## carry an example plan onto the ground and validate it
	@rm -rf $(DEMO)
	@$(BIN)/setout scaffold tests/plans/multi-tool/plan.md $(DEMO)

test: lint types unit ## the whole test suite

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

unit: tools
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

soak: $(READY) ## ten thousand steps of random histories: no line a person wrote is lost
	@$(BIN)/python -m tests.day_two.soak --steps 10000

canaries: tools ## break delivered trees in every way a check must notice
	@$(BIN)/pytest -q -n $(WORKERS) tests/canaries

bench: tools ## print the ratios of the speed goals
	@$(BIN)/python scripts/bench.py

clean: ## remove what make has made
	@rm -rf $(VENV) $(DEMO) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

reference: $(READY) ## write the pages of docs/reference that are cut from the code
	@$(BIN)/python scripts/make_reference.py

score: $(READY) ## measure the reader against labelled plans, where there are any
	@$(BIN)/python scripts/score.py --compare
