# Everything sets up .venv by itself; all it needs is make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)-pywb/.ready
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
PEER_PIP := $(VENV)-pywb/bin/python -m pip

.PHONY: demo test test-fast test-all check bench format clean peers

demo: $(READY)  ## crawl a replica of the site at several moments, and print the report
	@$(BIN)/embassy-scraper demo

test: $(READY) $(PEERS)  ## run the tests, but those that are slow
	$(PYTEST) -m "not slow"

test-fast: $(READY)  ## run what needs no other program, in less than a minute
	$(PYTEST) -m "not slow and not peer" --hypothesis-profile=fast

test-all: $(READY) $(PEERS)  ## run all tests, on all examples
	$(PYTEST) --hypothesis-profile=all

check: $(READY)  ## format, lint, spelling, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: coverage newest lock year

coverage: $(READY)  ## what the fast tests run of each module; a figure, no gate
	$(BIN)/coverage erase
	-$(BIN)/coverage run -m pytest -n auto -m "not slow and not peer" --hypothesis-profile=fast \
	  --deselect tests/commands/test_verbs.py::test_help_is_quick_to_import  # it sees coverage's imports
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

newest:  ## the fast tests on the newest version of everything that pyproject.toml allows
	rm -rf .venv-newest
	$(MAKE) VENV=.venv-newest NEWEST=1 test-fast

lock:  ## write constraints.txt anew, with the newest versions
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --upgrade --extra dev --custom-compile-command "make lock" --output-file constraints.txt pyproject.toml
	rm -rf .venv-lock

bench: $(READY)  ## measure against the floor, as ratios in one run
	$(BIN)/python -m benchmarks

year: $(READY)  ## a simulated year of the scheduler, about an hour; its figures go into the docs
	$(BIN)/python -m tests.year --docs

format: $(READY)  ## let ruff format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

peers: $(PEERS)  ## set up what the tests of the web archives run against

clean:  ## remove what make made
	rm -rf $(VENV) $(VENV)-pywb .venv-newest .venv-lock build *.egg-info .coverage*

PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK := constraints.txt

$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "embassy-scraper needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up $(VENV) (about half a minute, once) …"
	@$(PYTHON) -m venv $(VENV)
ifdef NEWEST
	@$(PIP) install --upgrade --editable '.[dev]'
else
	@$(PIP) install --require-hashes -r $(LOCK)
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
endif
	@touch $(READY)

$(PEERS): tests/peers/requirements.txt tests/peers/samples.txt
	@echo "setting up $(VENV)-pywb, archives and readers of archives for the tests (once) …"
	@$(PYTHON) -m venv $(VENV)-pywb
	@$(PEER_PIP) install --quiet --disable-pip-version-check -r tests/peers/requirements.txt
	@$(PEER_PIP) download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
	  -r tests/peers/samples.txt -d $(VENV)-pywb/samples
	@npm pack --silent --pack-destination $(VENV)-pywb replaywebpage@2.4.6 >/dev/null || \
	  echo "no ReplayWeb.page: install npm, then make --always-make peers, for the tests that open a WACZ in it"
	@npm pack --silent --pack-destination $(VENV)-pywb single-file-cli@2.0.83 >/dev/null || \
	  echo "no SingleFile: install npm, then make --always-make peers, for the tests of what it saves"
	@touch $(PEERS)
