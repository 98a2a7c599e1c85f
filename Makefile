# Everything sets up .venv by itself; all it needs is make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)-pywb/.ready
TOOLS := .venv-tools/.ready
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: demo test test-fast test-all check bench format clean peers

demo: $(READY)  ## crawl a replica of the site at several moments, and print the report
	@$(BIN)/embassy-scraper demo

test: $(READY) $(PEERS) $(TOOLS)  ## run the tests, but those that are slow
	$(PYTEST) -m "not slow"

test-fast: $(READY)  ## run what needs no other program, in less than a minute
	$(PYTEST) -m "not slow and not peer" --hypothesis-profile=fast

test-all: $(READY) $(PEERS) $(TOOLS)  ## run all tests, on all examples
	$(PYTEST) --hypothesis-profile=all

check: $(READY)  ## format, lint, spelling, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: coverage newest lowest lock audit sbom hooks year fuzz

coverage: $(READY)  ## what the fast tests run of each module; a figure, no gate
	$(BIN)/coverage erase
	-$(BIN)/coverage run -m pytest -n auto -m "not slow and not peer" --hypothesis-profile=fast \
	  --deselect tests/commands/test_verbs.py::test_help_is_quick_to_import  # it sees coverage's imports
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

COMPILE = .venv-tools/bin/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
  --no-annotate --custom-compile-command "make lock"
LOCKS := constraints.txt tests/supply/lowest.txt tests/supply/peers.txt tests/supply/samples.txt tests/supply/tools.txt \
  tests/supply/fuzz.txt

newest: $(TOOLS)  ## the fast tests on the newest version of everything that pyproject.toml allows
	rm -rf .venv-newest
	mkdir -p build
	$(COMPILE) --universal --all-extras --output-file build/newest.txt pyproject.toml
	$(MAKE) VENV=.venv-newest LOCK=build/newest.txt test-fast

lowest:  ## the fast tests on the lowest version of everything that pyproject.toml allows
	rm -rf .venv-lowest
	PYTHONTZPATH= $(MAKE) VENV=.venv-lowest LOCK=tests/supply/lowest.txt test-fast

lock: $(TOOLS)  ## write all locks anew, with the newest versions
	$(COMPILE) --universal --all-extras --output-file constraints.txt pyproject.toml
	$(COMPILE) --resolution lowest-direct --only-binary :all: --all-extras --output-file tests/supply/lowest.txt \
	  pyproject.toml
	$(COMPILE) --universal --output-file tests/supply/peers.txt tests/peers/requirements.txt
	$(COMPILE) --universal --no-deps --no-binary :all: --output-file tests/supply/samples.txt tests/peers/samples.txt
	$(COMPILE) --universal --output-file tests/supply/tools.txt tests/supply/tools.in
	$(COMPILE) --universal --only-binary :all: --output-file tests/supply/fuzz.txt tests/supply/fuzz.in
	$(PYTHON) tests/supply/npm.py lock tests/peers/npm.txt tests/supply/npm.txt

fuzz: $(READY)  ## ten minutes of bytes that nobody made on purpose, for all that reads what strangers send
	@$(BIN)/python $(INSTALL) -r tests/supply/fuzz.txt
	$(BIN)/python -m tests.fuzz

audit: $(TOOLS)  ## judge the locks: hashes, what was withdrawn, known weaknesses; asks the network
	.venv-tools/bin/python -m tests.supply.audit $(addprefix --source ,$(SOURCES)) $(LOCKS)

sbom: $(READY) $(TOOLS)  ## list what the program is made of, in build/sbom.json (CycloneDX)
	SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 0)} \
	  $(BIN)/python -m tests.supply.sbom build/sbom.json
	.venv-tools/bin/python -m tests.supply.schema build/sbom.json

hooks: $(READY) $(TOOLS)  ## check each commit before it is made
	.venv-tools/bin/pre-commit install

bench: $(READY)  ## measure against the floor, as ratios in one run
	$(BIN)/python -m benchmarks

year: $(READY)  ## a simulated year of the scheduler, about an hour; its figures go into the docs
	$(BIN)/python -m tests.year --docs

format: $(READY)  ## let ruff format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

peers: $(PEERS)  ## set up what the tests of the web archives run against

clean:  ## remove what make made
	rm -rf $(VENV) $(VENV)-pywb .venv-tools .venv-newest .venv-lowest build *.egg-info .coverage*

INSTALL := -m pip --quiet --disable-pip-version-check install --require-hashes --only-binary :all:
LOCK := constraints.txt
SOURCES := surt warcat  # have no wheels: their builds run, on the setuptools of the lock

$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "embassy-scraper needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up $(VENV) (about half a minute, once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(INSTALL) -r $(LOCK)
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip --quiet install --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(TOOLS): tests/supply/tools.txt
	@echo "setting up .venv-tools, what locks and audits (once) …"
	@$(PYTHON) -m venv .venv-tools
	@.venv-tools/bin/python $(INSTALL) -r tests/supply/tools.txt
	@touch $(TOOLS)

$(PEERS): tests/supply/peers.txt tests/supply/samples.txt tests/supply/npm.txt
	@echo "setting up $(VENV)-pywb, archives and readers of archives for the tests (once) …"
	@$(PYTHON) -m venv $(VENV)-pywb
	@sed -n '/^setuptools==/,/[^\]$$/p' tests/supply/peers.txt > $(VENV)-pywb/build.txt
	@$(VENV)-pywb/bin/python $(INSTALL) -r $(VENV)-pywb/build.txt
	@$(VENV)-pywb/bin/python $(INSTALL) --no-build-isolation $(addprefix --no-binary ,$(SOURCES)) -r tests/supply/peers.txt
	@$(VENV)-pywb/bin/python -m pip --quiet --disable-pip-version-check download --require-hashes \
	  --no-deps --no-build-isolation --no-binary :all: -r tests/supply/samples.txt -d $(VENV)-pywb/samples
	@if command -v npm >/dev/null; then $(PYTHON) tests/supply/npm.py fetch tests/supply/npm.txt $(VENV)-pywb; \
	  else echo "no ReplayWeb.page and no SingleFile: install npm, then make --always-make peers," \
	    "for the tests that open a WACZ in the one, and read what the other saves"; fi
	@touch $(PEERS)
