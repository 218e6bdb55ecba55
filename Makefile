# `make demo` sets everything up in .venv and runs the main job; `make test` runs the tests.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check lint serve bench format docs clean

demo: $(READY)
	$(BIN)/registerbro demo

test: $(READY)
	@tools/chromium.sh
	$(BIN)/pytest

check: lint test

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.docs --check

serve: $(READY)
	$(BIN)/registerbro serve

bench: $(READY)
	$(BIN)/python -m benchmarks

docs: $(READY)
	$(BIN)/python -m tools.docs

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv

$(READY): pyproject.toml constraints.txt
	@tools/venv.sh $(PYTHON)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
