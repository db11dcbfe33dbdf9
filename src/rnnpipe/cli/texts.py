"""Texts in, labels, tags, probabilities and sentences out; and which model is taken where none is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rnnpipe.api import Classifier, LabelledText, LanguageModel, ScoredText, Tagger
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.embeddings.vectors import DECLARED
from rnnpipe.inference import TrainedModel, open_model
from rnnpipe.models.history import best_row, read_history
from rnnpipe.params import Selection
from rnnpipe.params.tasks import run_class


def best_model(task: str, models: Path = Path("models")) -> Path:
    """Return the directory of the task's model with the best validation score, by its own run's `selection`.

    Scores of different corpora, or by different selections, do not compare: with several of them it is better to name a model.
    """
    best, score = None, float("-inf")
    for history in sorted((models / task).glob("*/history.csv")):
        selection = _selection(history.parent, task)
        row = best_row(read_history(history), selection)
        value = (1 if selection.higher_is_better else -1) * row[selection.column] if row else float("-inf")
        if best is None or value > score:
            best, score = history.parent, value
    if best is None:
        raise RnnpipeError(f"{models / task}: no trained model; `dvc repro` trains one, or name a directory with --model")
    return best


def _selection(directory: Path, task: str) -> Selection:
    name = read_json(directory / "config.json").get("parameters", {}).get("selection", "loss")
    return Selection(name, run_class(task).directions.get(name, False))


def best_embedding(embeddings: Path = Path("embeddings")) -> Path:
    """Return the first trained or imported embedding by name."""
    configs = sorted(embeddings.glob("*/config.json"))
    trained = [path.parent for path in configs if read_json(path).get("kind") not in DECLARED]
    if not trained:
        raise RnnpipeError(f"{embeddings}: no trained embedding; `dvc repro` trains those of params.yaml")
    return trained[0]


def predict_labels(directory: Path, texts: Sequence[str]) -> list[LabelledText]:
    """Return each text's likeliest label."""
    return Classifier(_open(directory, "sentiment")).predict(texts)


def predict_tags(directory: Path, texts: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return (word, tag) of each text's words."""
    return Tagger(_open(directory, "ner")).predict(texts)


def score_sentences(directory: Path, texts: Sequence[str]) -> list[ScoredText]:
    """Return the probability of each text: on its own, or of a model of a stream behind the texts before it."""
    return LanguageModel(_open(directory, "language_model")).score(texts)


def generate_sentences(directory: Path, start: str, count: int, temperature: float, seed: int) -> list[str]:
    """Draw sentences that begin with the words of `start`; words are joined by spaces."""
    if not temperature > 0:
        raise RnnpipeError(f"--temperature: must be above 0, not {temperature:g}")
    return LanguageModel(_open(directory, "language_model")).generate(count, start, temperature, seed)


def _open(directory: Path, task: str) -> TrainedModel:
    trained = open_model(directory)
    if trained.config["task"] != task and not (task == "language_model" and trained.config["task"] == "long_term"):
        raise RnnpipeError(f"{directory}: a model for {trained.config['task']}, not for {task}; name another one with --model")
    return trained
