# The two commands of the README are `make demo` and `make test`; the others are for developers.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO := demo-output

.PHONY: demo test test-more lint bench soak clean

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Installing into .venv; this takes a minute or two ..."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)  ## create the environment, build the sample databases, scan them, show the report
	@$(BIN)/sensscan demo --output $(DEMO)

test: $(READY) lint  ## everything but browser, Java and long runs; needs PostgreSQL and MariaDB
	$(BIN)/python -m tests.servers --check
	$(BIN)/pytest -m "not soak and not browser and not java" -n 2 --dist loadfile

test-more: $(READY)  ## the HTML report in a real browser; HanLP in a real Java
	$(BIN)/pytest -m "(browser or java) and not soak"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)  ## speed and quality; EVALUATION=folder adds a labelled evaluation set
	$(BIN)/python -m benchmarks $(if $(EVALUATION),--evaluation $(EVALUATION))

soak: $(READY)  ## fuzzing, kills, longevity; hours if you let it
	$(BIN)/pytest -m soak

clean:
	rm -rf .venv build dist *.egg-info $(DEMO)
