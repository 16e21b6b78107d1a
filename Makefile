# `make` lists what there is. Needs python3 (3.11 or newer), make and cargo; the rest is set up here.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# Everything that builds Rust shares one target directory: Candle is compiled once.
export CARGO_TARGET_DIR := $(CURDIR)/target

# Without compiled files `import torch` takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
# Processes at a time, of `make zoo`.
JOBS ?= 1
# Processes at a time, of `make test`; each holds PyTorch.
TEST_JOBS ?= 2
UV := $(shell command -v uv 2>/dev/null || echo .setup/bin/uv)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test conformance check fix bench bench-lines bench-pedantic bench-weights examples zoo proof lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(READY)  ## Make .venv, with the command .venv/bin/pycandle

demo: $(READY)  ## Port EfficientNet-Lite0 and classify photos with the Rust
	@$(BIN)/python demo/demo.py

test: $(READY)  ## Run all tests, two files at a time; TEST_JOBS=4
	$(BIN)/pytest --numprocesses $(TEST_JOBS) --dist loadfile --no-loadscope-reorder

conformance: $(READY)  ## Compare every op with PyTorch on PyTorch's own samples; write the page
	PYTHONPATH=tests $(BIN)/python -m conformance.sweep --page docs/conformance.md
	PYTHONPATH=tests $(BIN)/python -m conformance.symbolic --page docs/conformance-symbolic.md

check: $(READY)  ## Lint, types, layers; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports
	@for crate in $(CRATES); do \
		cargo fmt --check --manifest-path $$crate/Cargo.toml && \
		cargo clippy --release --all-targets --manifest-path $$crate/Cargo.toml -- -D warnings || exit 1; \
	done

fix: $(READY)  ## Format, fix what can be fixed, write the generated pages
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python -m pycandle.cli.reference docs
	@for crate in $(CRATES); do cargo fmt --manifest-path $$crate/Cargo.toml || exit 1; done

bench: $(READY)  ## Measure record, codegen, extract and build
	$(BIN)/python bench/bench.py

bench-weights: $(READY)  ## Measure extraction against cp, torch.load and safe_open
	$(BIN)/python bench/weights.py

bench-lines: $(READY)  ## Compare the lines of the examples with candle-transformers
	@PYTHONPATH=bench:examples $(BIN)/python -m lines

bench-pedantic: $(READY)  ## Count what pedantic clippy has to say of the examples
	@PYTHONPATH=bench:examples $(BIN)/python -m lines --pedantic

examples: $(READY)  ## Write the Rust of examples/ again; EXAMPLES="--record llama" records anew
	$(BIN)/python examples/write_examples.py $(EXAMPLES)

zoo: $(READY)  ## Port 202 architectures and write docs/zoo.md; JOBS=4, ZOO="--help"
	@PYTHONPATH=bench $(BIN)/python -m zoo --jobs $(JOBS) $(ZOO)

proof: $(READY)  ## Run code of one configuration as others and write docs/proof.md; PROOF="--help"
	@PYTHONPATH=bench $(BIN)/python -m proof $(PROOF)

lock: $(UV)  ## Write requirements/*.txt again from requirements/*.in
	@for name in dev setup; do \
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --upgrade \
			requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean:  ## Delete what was built and set up
	rm -rf .venv .setup target build

CRATES := $(patsubst %/Cargo.toml,%,$(wildcard crates/*/Cargo.toml))

# A lock with hashes, then the package itself without a look at any index.
$(READY): $(UV) requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.setup/bin/uv: requirements/setup.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .setup || \
		{ rm -rf .setup; echo "python3 cannot make environments here; on Debian: apt-get install python3-venv" >&2; exit 1; }
	.setup/bin/python -m pip install --quiet --require-hashes -r requirements/setup.txt
	@touch $@
