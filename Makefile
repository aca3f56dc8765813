# Every target sets up what it needs: a .venv from requirements.lock, made anew when the lock changes.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
BIN := .venv/bin
# uv is the fast road, with the certificates that the system trusts; pip, which every Python brings, always works.
UV := $(shell command -v uv 2>/dev/null)
FROM_LOCK := --require-hashes --requirement requirements.lock
WITH_UV := $(if $(UV),UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 uv pip install --quiet --python $(BIN)/python $(FROM_LOCK) ||)

# Files go to three processes whole and in order: what takes long, in tests/batch, begins first. Three
# keep two cores busy, because tests wait for kernels, kills and the browser.
PYTEST := $(BIN)/python -m pytest --numprocesses 3 --dist loadscope --no-loadscope-reorder

.PHONY: made-elsewhere reports site update test-quick test test-slow test-examples test-long test-setup lab refresh lint audit clean

## reports: run all notebooks for four scenarios and write reports/index.html
reports: .venv/package.stamp
	$(BIN)/reverse-imports run --scenario base --scenario fx_latest --scenario rhd_offered --scenario as_reported
	@echo "Open reports/index.html in a browser."

## site: a folder for any static host: front page, base reports, figures as PNG; with BASE_URL=https://… a feed of changes and the reviews of claims
site: .venv/package.stamp
	$(BIN)/reverse-imports run --output site --png
	$(if $(BASE_URL),$(BIN)/reverse-imports data feed site/feed.xml --base-url $(BASE_URL))
	$(if $(BASE_URL),$(BIN)/reverse-imports claims export site/reviews.jsonld --base-url $(BASE_URL))
	@echo "Serve the folder site, or open site/index.html."

## test-quick: while editing: models, data and scenarios
test-quick: .venv/package.stamp
	$(PYTEST) tests/data tests/trade tests/fit tests/cost tests/volume tests/claims tests/scenarios

## test: check the data, test one case of each kind, and compare every stored notebook output with a fresh run
test: .venv/package.stamp
	$(BIN)/reverse-imports check
	$(PYTEST) tests
	$(PYTEST) --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks

## test-slow: the other cases: every scenario, every parameter, every kind of kill and other fault, a whole cluster
test-slow: .venv/package.stamp
	$(PYTEST) -m "slow and not long" tests

## test-examples: every test over random examples, with examples never tried before
test-examples: .venv/package.stamp
	$(PYTEST) --hypothesis-profile new_examples -m "hypothesis" tests

## test-long: test-examples, each kill and fault many times more, and every notebook under every scenario beside papermill's own run; takes hours
test-long: .venv/package.stamp
	$(MAKE) test-examples
	$(BIN)/python -m pytest -m "long" tests

## test-setup: set up a clean copy as the container does, run a notebook there, and solve what Binder builds
test-setup:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && git clone --quiet . "$$folder" && unset PYTHONPATH VIRTUAL_ENV MAKEFLAGS && \
	HOME="$$folder" $(MAKE) --directory "$$folder" .venv/package.stamp && cd "$$folder" && \
	.venv/bin/reverse-imports check && .venv/bin/papermill --no-progress-bar notebooks/03_vehicle_fit.ipynb out.ipynb && \
	if command -v conda >/dev/null; then conda env create --dry-run --file environment.yml; \
	else echo "There is no conda here: environment.yml was not solved."; fi

## lab: open JupyterLab on the brief
lab: .venv/package.stamp
	$(BIN)/jupyter trust notebooks/*.ipynb
	$(BIN)/jupyter lab --config lab/jupyter_lab_config.py

## refresh: execute the notebooks in place; changes no byte when nothing changed
refresh: .venv/package.stamp
	$(BIN)/reverse-imports refresh

## update: fetch what needs no key, bring it in, refresh and run; says which headlines moved
update: .venv/package.stamp
	$(BIN)/reverse-imports data fetch --yes
	$(BIN)/reverse-imports refresh
	$(MAKE) reports
	@echo "Imports and the headlines they moved stand in data/changes.csv."

## lint: style and types
lint: .venv/package.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## audit: look the lock up for known vulnerabilities; asks a public advisory service, so it needs the network
audit:
	$(PYTHON) -m venv --clear .audit
	.audit/bin/python -m pip install --disable-pip-version-check --quiet pip-audit
	.audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes

## clean: remove what a run or the set-up made
clean:
	rm -rf .venv .audit reports site .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/lock.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. Install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@echo "Setting up .venv with $$($(PYTHON) --version) from requirements.lock; this takes $(if $(UV),some seconds,a minute or two)."
	$(PYTHON) -m venv --clear .venv
	$(WITH_UV) $(BIN)/python -m pip install --disable-pip-version-check $(FROM_LOCK)
	@echo '$(CURDIR)' > .venv/folder
	@touch $@

# A copied or moved environment would run the code of the folder that it was made in.
ifneq ($(shell cat .venv/folder 2>/dev/null),$(CURDIR))
.venv/lock.stamp: made-elsewhere
endif

.venv/package.stamp: .venv/lock.stamp pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
