# make demo | test | test-fast | lint | docs. Needs Python 3.11+, git and make; everything else is installed in .venv.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV
export PATH := $(CURDIR)/.venv/bin:$(PATH)

NEW_ENOUGH := import sys, venv; sys.exit(sys.version_info < (3, 11))
find_python = $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$name && break; done)
# The lines of requirements-dev.txt that pin uv: pip fetches it, and it fetches the rest in a fraction of pip's time.
ONLY_UV := import pathlib, re; print(re.search(r"(?m)^uv==.*(\n .*)*", pathlib.Path("requirements-dev.txt").read_text())[0])
# Where the fast tests put their files: in memory if there is room, as they create and delete many small ones.
IN_MEMORY := $(shell df -k /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "/dev/shm" }')
# pytest-xdist workers, one more than cores because the slow tests also wait; each takes whole files, whose tests share
# projects, in the order of tests/conftest.py.
WORKERS ?= 3
PYTEST := .venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help demo test test-fast lint docs lock clean

help:
	@echo "make demo       generate a project, train and test it, request a prediction"
	@echo "make test       all tests (about half an hour on 2 cores)"
	@echo "make test-fast  tests that do not install and train projects (about 6 minutes on 2 cores)"
	@echo "make lint       style, types, generated files"
	@echo "make docs       build the documentation in site/; broken links fail"
	@echo "make lock       update requirements-dev.txt from pyproject.toml"
	@echo "make clean      remove build/, site/ and .venv/"

demo: .venv/ready
	@.venv/bin/python -m tools.demo

test: .venv/ready
	$(PYTEST) --durations=10

test-fast: .venv/ready
	TMPDIR="$${TMPDIR:-$(IN_MEMORY)}" $(PYTEST) -m "not slow"

lint: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python -m tools.questions --check
	.venv/bin/python -m tools.cookiecutter --check
	.venv/bin/python -m tools.runtime_hashes --check
	.venv/bin/python -m tools.pictures --check
	.venv/bin/python -m tools.principles --check
	.venv/bin/python -m benchmarks.serving.page --check
	.venv/bin/zizmor --offline --quiet .

docs: .venv/ready
	.venv/bin/zensical build --strict

clean:
	rm -rf build site .venv

# Created once, updated when the requirements change.
.venv/ready: requirements-dev.txt
	@python="$(find_python)"; \
	if [ -z "$$python" ]; then \
		echo "error: found no Python 3.11 or newer with the venv module on PATH; install one" >&2; exit 1; \
	elif uv --version >/dev/null 2>&1; then \
		[ -x .venv/bin/python ] || uv venv --quiet --python "$$python" .venv; \
	else \
		{ [ -x .venv/bin/pip ] || "$$python" -m venv --clear .venv; } && \
		.venv/bin/python -c '$(ONLY_UV)' >.venv/uv.txt && \
		.venv/bin/python -m pip install --quiet --require-hashes --requirement .venv/uv.txt; \
	fi && \
	uv pip sync --quiet --require-hashes --python .venv/bin/python requirements-dev.txt
	@touch $@

# Never by file times, which are arbitrary in a fresh clone.
lock: .venv/ready
	uv pip compile --quiet --universal --generate-hashes --all-extras --group dev --python-version 3.11 \
		--no-header --output-file requirements-dev.txt pyproject.toml
