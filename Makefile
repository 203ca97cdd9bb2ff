# `make` lists the targets. They install into .venv what a changed lock file requires. Nothing needs root.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Not of the ports that the system takes for outgoing connections (from 32768 on Linux): those are in use at times.
DEMO_PORT ?= 27600
# Set by cron lines and by hand: make crawl SITE=bbc_arabic ARGS='-a max_articles=20'
SITE ?=
FILE ?= articles.csv
ARGS ?=
SEED ?= 1

# A command that fails has said why. make would add "*** [Makefile:36: crawl] Error 1"; ended by SIGQUIT, it adds nothing
# and exits with 1. The signal must arrive before the shell ends; if it does not, the message is printed after all.
OR_QUIT := || { kill -QUIT $$PPID; sleep 0.2; }

.DEFAULT_GOAL := help
.PHONY: help demo test check format types crawl sites export browse bench bench-extract bench-peers score shots year month docs docs-site dist lock \
	clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## crawl the bundled newsroom into SQLite and CSV (build/demo)
	@$(RUN) -m demo.run --port $(DEMO_PORT) $(OR_QUIT)

test: $(VENV)/.dev build/s3/.done ## run the tests
	@# Three files at a time: most tests wait for crawls.
	$(RUN) -m pytest -n 3 --dist loadfile $(ARGS)

check: format types test ## what CI runs: format, lint, types, tests

format: $(VENV)/.dev ## check format and lint
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .

types: $(VENV)/.dev ## check types
	$(RUN) -m mypy

crawl: $(VENV)/.run ## crawl one site: make crawl SITE=bbc_arabic
	@if test -z "$(SITE)"; then echo "SITE is missing: make crawl SITE=bbc_arabic; make sites lists the sites" >&2; false; \
	else $(RUN) -m scrapy crawl '$(SITE)' $(ARGS); fi $(OR_QUIT)

sites: $(VENV)/.run ## list the sites with their channels and stored articles
	@$(RUN) -m scrapy sites $(ARGS) $(OR_QUIT)

export: $(VENV)/.run ## export the stored articles: make export FILE=articles.csv
	@$(RUN) -m scrapy export '$(FILE)' $(ARGS) $(OR_QUIT)

browse: $(VENV)/.browse ## open the database in Datasette: make browse ARGS='news.db --port 8001'
	@$(RUN) -m scrapy browse $(ARGS) $(OR_QUIT)

bench: $(VENV)/.dev ## compare speed, CPU and memory with plain Scrapy and trafilatura, in about 20 minutes
	$(RUN) -m bench.speed $(ARGS)

bench-peers: $(VENV)/.dev ## install other programs for the next make bench (build/bench/peers)
	@$(RUN) -m uv venv --quiet --clear build/bench/peers && \
		$(RUN) -m uv pip install --quiet --python build/bench/peers -r bench/speed/peers/requirements.txt \
		|| { echo "the peers cannot be installed; make bench skips them" >&2; false; } $(OR_QUIT)

bench-extract: $(VENV)/.dev ## measure the CPU time of the extraction by step, on the corpora in ../shared
	$(RUN) -m bench.extract $(ARGS)

score: $(VENV)/.dev ## compare the quality on the corpora in ../shared with bench/score.json: make score ARGS=--record
	$(RUN) -m bench.score $(ARGS)

shots: $(VENV)/.dev ## make pictures of every web page into build/shots: make shots ARGS=news.db
	$(RUN) -m bench.web.shots $(ARGS)

year: $(VENV)/.dev ## simulate a year of bad days in about half an hour: make year SEED=2 ARGS='--sites 5 --days 60'
	$(RUN) -m bench.year --seed $(SEED) $(ARGS)

month: $(VENV)/.dev ## simulate a month of channels that lie, break and overlap, in about three minutes
	$(RUN) -m bench.year.month --seed $(SEED) $(ARGS)

docs: $(VENV)/.dev ## write the generated parts of the documentation
	$(RUN) -m docs.generate

docs-site: $(VENV)/.dev ## build the documentation as a site into build/site
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict --quiet $(OR_QUIT)
	@echo "open build/site/index.html"

dist: $(VENV)/.dev ## build the wheel and the sdist into build/dist
	$(RUN) -m hatchling build -d build/dist

lock: $(VENV)/.dev ## pin the newest versions that pyproject.toml allows
	$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--group dev pyproject.toml -o requirements-dev.lock
	$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		-c requirements-dev.lock pyproject.toml -o requirements.lock
	$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		-c requirements-dev.lock --extra browse pyproject.toml -o requirements-browse.lock
	echo 'moto[server]' | $(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header - -o requirements-s3.lock

clean: ## remove what was built; databases stay
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.run: requirements.lock | $(VENV)/bin/rasid
	@echo "Installing what requirements.lock pins ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/rasid
	@echo "Installing what requirements-dev.lock pins ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run

$(VENV)/.browse: requirements-browse.lock | $(VENV)/.run
	@echo "Installing what requirements-browse.lock pins ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browse.lock
	@touch $@

# The object store of the tests. In an environment of its own: its libraries need an older dateutil.
build/s3/.done: requirements-s3.lock | $(VENV)/bin/python
	@echo "Installing what requirements-s3.lock pins ..."
	@$(RUN) -m venv --clear build/s3
	@build/s3/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-s3.lock
	@touch $@

# The command `rasid` of this checkout: it works in any folder.
$(VENV)/bin/rasid: | $(VENV)/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(RUN)" -m rasid "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Rasid needs Python 3.11 or newer, and $(PYTHON) is older: install one and run make PYTHON=python3.11 ..." >&2; false; } $(OR_QUIT)
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module: install it (Debian and Ubuntu: apt install python3-venv)" >&2; false; } $(OR_QUIT)
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
