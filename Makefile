# make run starts the demo; make check, make test, make prove and make faults are the four rings of tests;
# make pictures takes a picture of every page; make bench and make load measure how fast it is.
# Each target does its own set-up and needs only Python 3.11 or later, pip and make.

PYTHON   ?= python3
INSTANCE ?= instance
PORT     ?= 8000
# How many tests run side by side.
JOBS     ?= 2

# Programs run as modules, so that a moved checkout still works.
VENV     := .venv/bin/python -m
INSTALL  := $(VENV) pip install --quiet --disable-pip-version-check
RUNS     := .venv/.runs
TESTS    := .venv/.tests
BENCH    := .venv/.benchmarks
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

.PHONY: run check test prove faults pictures bench load clean
.DELETE_ON_ERROR:

run: export SAMLOKAL_DEMO = 1
run: export SAMLOKAL_INSTANCE = $(abspath $(INSTANCE))
run: $(RUNS) $(CATALOGUES)
	@mkdir -p '$(INSTANCE)'
	@$(VENV) flask --app wsgi demo --if-empty
	@echo 'http://localhost:$(PORT)'
# The worker ends with the server, however that ends.
	@SAMLOKAL_BASE_URL='http://localhost:$(PORT)' $(VENV) flask --app wsgi work --beside $$$$ & \
		exec $(VENV) gunicorn --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --no-control-socket wsgi:app

check: $(TESTS) $(CATALOGUES)
	$(VENV) ruff check .
	$(VENV) ruff format --check .
	$(VENV) mypy
	$(VENV) pytest tests/domain tests/house

test: $(TESTS) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) pytest -n $(JOBS) --dist worksteal

# Property tests run again here, with more examples.
prove: $(TESTS) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) pytest -n $(JOBS) --dist worksteal -m 'prove or hypothesis' --hypothesis-profile prove --timeout 3000

# What breaks around it: killed processes, full disks, a database that is away, a clock set back, and 10,000
# requests of random content. The seeds stand in the names of the tests.
faults: $(TESTS) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) pytest -v -n $(JOBS) --dist worksteal -m faults --timeout 900 tests/faults

# Every page as it looks on a wide screen and on a phone, for the documents.
pictures: $(TESTS) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) tests.support.pictures docs/pictures

# The floors and their modules, drawn from the imports.
docs/architecture.svg: $(TESTS) $(shell find booking -name '*.py')
	$(VENV) tests.support.architecture

# MEASURE=--quick takes two minutes instead of a quarter of an hour. On a machine that does nothing else.
bench: $(BENCH) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) benchmarks $(MEASURE)

# Two hundred calendars, fifty boards and eight people who book, for two minutes on each database.
load: $(BENCH) $(CATALOGUES)
	$(VENV) tests.support.install
	$(VENV) benchmarks.load $(MEASURE)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find benchmarks booking tests translations -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	rm -f $(CATALOGUES)

# The stamps are older than a changed list, and only then is anything installed.
$(RUNS): requirements.txt | .venv
	$(INSTALL) -r requirements.txt
	@touch $@

$(TESTS): tests/requirements.txt requirements.txt | .venv
	$(INSTALL) -r tests/requirements.txt
	@touch $@

$(BENCH): benchmarks/requirements.txt tests/requirements.txt requirements.txt | .venv
	$(INSTALL) -r benchmarks/requirements.txt
	@touch $@

# Some systems ship venv without its bundled pip; then the machine's own pip puts one in.
.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Samlokal needs Python 3.11 or later: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip .venv \
		&& $(PYTHON) -m pip --python .venv install --quiet pip; } || { rm -rf .venv; exit 1; }

%.mo: %.po | $(RUNS)
	$(VENV) babel.messages.frontend --quiet compile --input-file $< --output-file $@
