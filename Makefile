# One entry for every chore; `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= out

.PHONY: help setup demo test check format refresh pictures bench wheel clean

help: ## list the targets
	@grep -E '^[a-z]+: .*##|^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/	/' | expand -t 12

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q toolkit  # as pip does with a wheel: a first run is no slower
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

setup: $(VENV)/developing ## make the environment

demo: $(VENV)/installed ## the whole flow on the example township, into out/示范
	$(BIN)/zhengdun demo $(OUT)/示范

test: $(VENV)/developing ## run the tests
	$(BIN)/python -m pytest -n auto

check: $(VENV)/developing ## what every commit passes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet toolkit
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered
	$(MAKE) wheel

wheel: $(VENV)/developing ## run the suite against the built wheel, away from the checkout
	$(BIN)/python tests/against_wheel.py

format: $(VENV)/developing ## put the code in its usual form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

refresh: $(VENV)/installed ## rewrite all that is generated; read the diff before you commit it
	$(BIN)/python -m toolkit.reference .

pictures: $(VENV)/developing ## draw docs/pictures, docs/papers and docs/manual anew, through LibreOffice; look at them
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/papers.py
	$(BIN)/python docs/manual.py

bench: $(VENV)/developing ## measure, as ratios against a baseline in the same run
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python bench/bench.py

clean: ## remove what the targets made
	rm -rf $(VENV) $(OUT) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
