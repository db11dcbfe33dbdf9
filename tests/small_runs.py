"""Runs and models of every task, small enough to be trained in a moment on a corpus of `small_corpora`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from small_corpora import WORDS, small_corpus

from rnnpipe.embeddings.vectors import CONTEXT
from rnnpipe.inference.contextual import write_context
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.models.model_directory import save_model
from rnnpipe.params import Run
from rnnpipe.params.network import CELLS
from rnnpipe.params.tasks import run_class
from rnnpipe.tasks.task import Task, task_named
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.tokenizer import SPACE, build_tokenizer, save_tokenizer
from rnnpipe.text.vocabulary import Vocabulary

DIMENSION = 6
"""Numbers in a word vector."""
KINDS = {"language_model": "text", "sentiment": "labelled", "ner": "columns"}
"""Task → kind of small corpus."""
TASKS = tuple(KINDS)
CELL_NAMES = tuple(CELLS)
FIELDS: dict[str, Any] = {
    "corpus": "small",
    "embedding": "random",
    "network": {"cell": "gru", "hidden": 6},
    "optimizer": {"learning_rate": 0.02},
    "trainer": {"epochs": 4, "batch_size": 5},
}


def small_run(task: str, **changes: Any) -> Any:
    """Return a run of a task; `network`, `optimizer` and `trainer` are merged into those above."""
    merged = {name: {**FIELDS[name], **value} if isinstance(value, dict) else value for name, value in changes.items()}
    run: Run = run_class(task).model_validate_json(json.dumps({**FIELDS, **merged}))
    return run


def sizes_of(task: Task, corpus: EncodedCorpus, dimension: int = DIMENSION, one_hot: bool = False) -> Sizes:
    """Return the sizes of a task's model on a corpus."""
    words, states = len(corpus.vocabulary), corpus.split("train").states
    return Sizes(
        vocabulary_size=words,
        embedding_dimension=words if one_hot else dimension,
        outputs=task.outputs(corpus),
        one_hot=one_hot,
        documents=corpus.meta["splits"]["train"]["documents"],
        features={name: len(values) for name, values in corpus.meta["features"].items()},
        context=0 if states is None else states.shape[1],
    )


def small_model(run: Run, corpus: EncodedCorpus, task: str, seed: int = 1, **sizes: Any) -> tuple[Model, Sizes]:
    """Build a run's model with weights drawn from a seed; `sizes` are those of `sizes_of`."""
    the_task = task_named(task)
    made = sizes_of(the_task, corpus, **sizes)
    torch.manual_seed(seed)
    counts = the_task.output_counts(corpus.vocabulary, made)
    return build_model(run.network, made, the_task.head_of(run.network), counts), made


def saved_model(directory: Path, task: str, history: Any = ({"epoch": 1, "validation_loss": 0.5},), **changes: Any) -> Model:
    """Build, save and return the untrained model of a run on a small corpus, whose tokenizer parts words at white space."""
    corpus = small_corpus(directory.parent / f".{directory.name}-corpus", KINDS.get(task, "text"))
    save_tokenizer(build_tokenizer("whitespace"), corpus.tokenizer_path)
    run = small_run(task, **changes)
    if getattr(run.network, "contextual", None):
        corpus = with_context(directory.parent / f".{directory.name}-embedding", corpus)
    model, sizes = small_model(run, corpus, task)
    directory.mkdir(parents=True)
    config = {"task": task, "run": directory.name, "parameters": run.resolved()}
    save_model(directory, model, config, sizes, corpus, history)
    return model.eval()


def saved_reader(directory: Path, direction: str, **network: Any) -> Path:
    """Save an untrained language model of letters, those of the small corpora's words, and return its directory."""
    letters = Vocabulary(["<pad>", "<unk>", "<eos>", SPACE, "w", *"0123456789"], [0, 0, 0, *([1] * WORDS)])
    corpus = replace(small_corpus(directory.parent / f".{directory.name}-letters"), vocabulary=letters)
    save_tokenizer(build_tokenizer("characters_and_spaces"), corpus.tokenizer_path)
    run = small_run("language_model", network=network, direction=direction, batching="stream")
    model, sizes = small_model(run, corpus, "language_model", seed=len(direction))
    directory.mkdir(parents=True)
    save_model(directory, model, {"task": "language_model", "run": "a", "parameters": run.resolved()}, sizes, corpus, [])
    return directory


def with_context(directory: Path, corpus: EncodedCorpus) -> EncodedCorpus:
    """Write the states of two such models at the words of a corpus, and return the corpus with them."""
    readers = {name: saved_reader(directory / f".{name}", name) for name in ("forward", "backward")}
    write_context(directory, readers, corpus)
    return replace(corpus, context=directory / CONTEXT)
