# Everything a newcomer needs: `make run` and `make test`. Each sets up what is missing and is quick
# the second time. Variables: PYTHON (3.11 or newer), VENV, TORCH_INDEX (empty to skip), PROCESSES.

PYTHON ?= python3
VENV ?= .venv
# The framework maker's index of CPU builds: without it a plain Linux machine gets gigabytes of CUDA.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

# Tests run in so many processes, a file of them in one.
PROCESSES ?= 2

BIN := $(VENV)/bin
TORCH := $(shell sed -n 's/^torch==/torch==/p' constraints.txt)
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Nothing here ever asks a model hub, whatever a library would like.
export HF_HUB_OFFLINE = 1

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev weights test test-fast check format docs screenshots bench clean

help:  ## say what there is
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: setup weights  ## set up, serve the demo on this machine and review it live
	$(BIN)/reviewer demo

test: setup-dev weights  ## set up and run every test
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile

# All tests of tests/e2e are slow, and reading them alone takes seconds.
test-fast: setup-dev  ## the tests that take under a minute together
	$(BIN)/python -m pytest tests/unit tests/golden tests/integration -n $(PROCESSES) --dist loadfile -m "not slow"

check: setup-dev  ## style, types, import directions, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

format: setup-dev  ## let ruff put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup-dev  ## write the generated documents anew
	$(BIN)/python docs/generate.py

screenshots: setup-dev weights  ## make docs/screenshots/ anew, from the demo in a real browser
	$(BIN)/python docs/screenshots.py $(if $(DEMO_HOME),--home $(DEMO_HOME))

bench: setup-dev weights  ## measure speed, memory, retrieval; a table with ratios of one run
	$(BIN)/python -m eval bench

weights: setup
	@$(BIN)/reviewer models pull --default

setup: $(VENV)/.product  ## the environment in .venv/

setup-dev: $(VENV)/.dev

$(VENV)/.product: $(VENV)/.torch pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

# torch by itself and without dependencies: the extra index counts for this line alone, and a
# network that does not reach it goes on without it.
$(VENV)/.torch: constraints.txt
	@$(PYTHON) .ci/look-at-python
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --retries 0 --timeout 5 \
	  $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) $(TORCH) \
	  || $(BIN)/python -m pip install --quiet --no-deps $(TORCH)
	@touch $@

clean:  ## remove the environment and all caches in this folder
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
