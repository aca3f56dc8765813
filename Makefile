# Every target sets up what it needs: a .venv from requirements.lock, made anew when the lock changes.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
BIN := .venv/bin

.PHONY: reports test test-long lab refresh lint clean

## reports: run all notebooks for four scenarios and write reports/index.html
reports: .venv/package.stamp
	$(BIN)/reverse-imports run --scenario base --scenario fx_latest --scenario rhd_offered --scenario as_reported
	@echo "Open reports/index.html in a browser."

## test: check the data, run all tests, and compare every stored notebook output with a fresh run
test: .venv/package.stamp
	$(BIN)/reverse-imports check
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks

## test-long: repeat the fault tests often, and compare every notebook under every scenario with papermill's own run
test-long: .venv/package.stamp
	LONG_TESTS=1 $(BIN)/python -m pytest -m long tests

## lab: open JupyterLab on the brief
lab: .venv/package.stamp
	$(BIN)/jupyter trust notebooks/*.ipynb
	$(BIN)/jupyter lab --config lab/jupyter_lab_config.py

## refresh: execute the notebooks in place; changes no byte when nothing changed
refresh: .venv/package.stamp
	$(BIN)/reverse-imports refresh

## lint: style and types
lint: .venv/package.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## clean: remove what a run or the set-up made
clean:
	rm -rf .venv reports .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/lock.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. Install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@echo "Setting up .venv with $$($(PYTHON) --version) from requirements.lock; this takes a minute or two."
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@

.venv/package.stamp: .venv/lock.stamp pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
