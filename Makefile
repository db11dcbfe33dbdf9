# `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
GPUS ?= $(filter-out 0,$(shell nvidia-smi -L 2>/dev/null | wc -l))
BIN := .venv/bin
# No tool of the pipeline calls home.
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install run lecture sample vectors long_term wikitext2 leading test suite lint format ui docs clean bench-embeddings bench-serving bench-texts bench-language-model bench-ner cells entities

help: ## this list
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/installed ## create .venv with the packages of requirements.lock

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: rnnpipe needs Python 3.11 or newer; make PYTHON=python3.12 ... picks another")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@# Bytecode on all cores, for the package too: a run starts hundreds of processes. Some files are of other versions of Python.
	@$(BIN)/python -m compileall -qq -j 0 src .venv/lib || true
	@touch $@

run: install ## run the pipeline of params.yaml and print the results (the sample: minutes)
	@rnnpipe run --cores $(CORES) $(if $(GPUS),--gpus $(GPUS))
	@rnnpipe results
	@rnnpipe track

sample: install ## go back to the sample's parameters and run them
	@rnnpipe preset sample
	@$(MAKE) --no-print-directory run

lecture: install ## IMDb, WikiText-2 and CoNLL-2003 at the lecture's sizes (about an hour on two cores)
	@rnnpipe preset lecture
	@$(MAKE) --no-print-directory run

vectors: install ## word vectors on 22 million words of IMDb and WikiText-2, every method (about half an hour on two cores)
	@rnnpipe preset vectors
	@$(MAKE) --no-print-directory run

long_term: install ## how far back each cell remembers, with once, twice and four times the training (an hour or two on two cores)
	@rnnpipe preset long_term
	@$(MAKE) --no-print-directory run

cells: install ## all cells, the lecture's and later ones: how far back they remember, whether they carry a state (half an hour on two cores)
	@rnnpipe preset cells
	@$(MAKE) --no-print-directory run

wikitext2: install ## recurrent cells on WikiText-2, standard vocabulary (up to an hour a cell on two cores)
	@rnnpipe preset wikitext2
	@$(MAKE) --no-print-directory run

entities: install ## named entities of CoNLL-2003, sentence by sentence and article by article (an hour or two on two cores)
	@rnnpipe preset entities
	@$(MAKE) --no-print-directory run

leading: install ## the strongest recurrent language models on WikiText-2 (half an hour each on one GPU, days on a CPU)
	@rnnpipe preset leading
	@$(MAKE) --no-print-directory run

bench-embeddings: install ## speed of word vectors [CORPUS=text] [GLOVE_C=dir] [WORD2VEC_C=dir] [THREADS=n] [EPOCHS=n]
	@python benchmarks/embeddings.py $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(GLOVE_C),--glove-c "$(GLOVE_C)") \
	  $(if $(WORD2VEC_C),--word2vec-c "$(WORD2VEC_C)") $(if $(THREADS),--threads $(THREADS)) $(if $(EPOCHS),--epochs $(EPOCHS))

bench-language-model: install ## speed of language models beside PyTorch's example, and of each cell [EXAMPLE=dir] [ROUNDS=n]
	@python benchmarks/language_model.py $(if $(EXAMPLE),--example "$(EXAMPLE)") $(if $(ROUNDS),--rounds $(ROUNDS))

bench-ner: install ## speed of taggers beside pytorch-crf and a plain one [MODEL=dir ENCODED=dir] [THREADS=n] [ROUNDS=n]
	@python benchmarks/ner.py $(if $(MODEL),--model "$(MODEL)" --encoded "$(ENCODED)") $(if $(THREADS),--threads $(THREADS)) \
	  $(if $(ROUNDS),--rounds $(ROUNDS))

bench-serving: install ## time of an answer of MLflow's server [MODEL=models:/name@champion] [THREADS=n]; after make run
	@python benchmarks/serving.py $(if $(MODEL),--model "$(MODEL)") $(if $(THREADS),--threads $(THREADS))

bench-texts: install ## how many texts a second a command labels [MODEL=run] [TEXTS=n]; after make run
	@python benchmarks/texts.py $(if $(MODEL),--model "$(MODEL)") $(if $(TEXTS),--texts $(TEXTS))

ui: install ## compare the runs in MLflow's UI, on this machine only
	@rnnpipe ui

docs: install ## build the documentation: site/index.html, which needs no network
	@NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet
	@echo site/index.html

lint: install ## ruff, mypy --strict, and the Snakefile's format
	@ruff check .
	@ruff format --check .
	@mypy
	@snakefmt --check Snakefile

test: install ## lint, and the whole fast test suite (real text too where RNNPIPE_MIRROR is set)
	@$(MAKE) --no-print-directory --jobs 2 lint suite

suite: install
	@pytest -n $$(($(CORES) + 1)) --dist loadfile --no-loadscope-reorder  # one more: some tests wait for processes

format: install ## bring all code into shape
	@ruff check --fix --quiet .
	@ruff format --quiet .
	@snakefmt Snakefile

clean: ## remove logs, checkpoints, unfinished files and what tools left; data, models and results stay
	rm -rf logs checkpoints tmp site .snakemake .mypy_cache .pytest_cache .ruff_cache .hypothesis
