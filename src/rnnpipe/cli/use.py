"""Trained models in use: texts in, labels, tags, probabilities and sentences out."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.embeddings.vectors import DECLARED
from rnnpipe.evaluation.perplexity import perplexity
from rnnpipe.evaluation.recurrent import RecurrentLanguageModel
from rnnpipe.evaluation.sampling import Floats, Ids, NextWord, sample_sentences
from rnnpipe.networks.model_directory import LoadedModel, load_model
from rnnpipe.text.batches import Batch, classification_batch
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.tokenizer import tokenize
from rnnpipe.text.vocabulary import EOS, UNK


@dataclass(frozen=True)
class Label:
    """The likeliest label of a text."""

    label: str
    probability: float
    """In [0, 1]."""


@dataclass(frozen=True)
class SentenceScore:
    """What a language model says of a sentence."""

    log_probability: float
    """Of all words and the sentence's end, in nats."""
    perplexity: float
    unknown: int
    """Words that are not in the vocabulary: their probability is that of any unknown word."""


def best_model(task: str, models: Path = Path("models")) -> Path:
    """Return the directory of the task's model with the lowest validation loss.

    Losses of different corpora do not compare: with several of them it is better to name a model.
    """
    histories = sorted((models / task).glob("*/history.csv"))
    if not histories:
        raise RnnpipeError(f"{models / task}: no trained model; `dvc repro` trains one, or name a directory with --model")
    return min(histories, key=_validation_loss).parent


def _validation_loss(history: Path) -> float:
    with history.open(encoding="utf-8", newline="") as file:
        return min((float(row["val_loss"]) for row in csv.DictReader(file) if row.get("val_loss")), default=math.inf)


def best_embedding(embeddings: Path = Path("embeddings")) -> Path:
    """Return the first trained or imported embedding by name."""
    configs = sorted(embeddings.glob("*/config.json"))
    trained = [path.parent for path in configs if read_json(path).get("kind") not in DECLARED]
    if not trained:
        raise RnnpipeError(f"{embeddings}: no trained embedding; `dvc repro` trains those of params.yaml")
    return trained[0]


@torch.inference_mode()
def predict_labels(directory: Path, texts: Sequence[str]) -> list[Label]:
    """Return each text's likeliest label."""
    model = _load(directory, "sentiment")
    batch = _batch(model, [_words(model, text) for text in texts], model.config["parameters"]["max_length"])
    shares = model.network(batch.ids, batch.lengths).softmax(dim=-1)  # (B, C)
    best = shares.max(dim=-1)
    names = model.config["labels"]
    return [Label(names[int(index)], float(share)) for share, index in zip(best.values, best.indices, strict=True)]


@torch.inference_mode()
def predict_tags(directory: Path, texts: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return (word, tag) of each text's words."""
    model = _load(directory, "ner")
    words = [_words(model, text) for text in texts]
    batch = _batch(model, words)
    best = model.network(batch.ids, batch.lengths).argmax(dim=-1).tolist()  # (B, T)
    names = model.config["tags"]
    return [[(word, names[tag]) for word, tag in zip(text, tags, strict=False)] for text, tags in zip(words, best, strict=True)]


def score_sentences(directory: Path, texts: Sequence[str]) -> list[SentenceScore]:
    """Return the probability of each text as one sentence, read from a zero state."""
    model = _load(directory, "language_model")
    scorer = RecurrentLanguageModel(model.network, len(model.vocabulary), "sentences")
    scores = []
    for text in texts:
        split = _split(model, [_words(model, text)])
        total = scorer.log_probability(split)
        scores.append(SentenceScore(total, perplexity(total, len(split.ids) + 1), int((split.ids == UNK).sum())))
    return scores


def generate_sentences(directory: Path, start: str, count: int, temperature: float, seed: int) -> list[str]:
    """Draw sentences that begin with the words of `start`; words are joined by spaces."""
    if temperature <= 0:
        raise RnnpipeError(f"--temperature: must be above 0, not {temperature:g}")
    model = _load(directory, "language_model")
    words = _words(model, start)
    scorer = RecurrentLanguageModel(model.network, len(model.vocabulary), "sentences")
    continued = _Continued(scorer, model.vocabulary.encode(words))
    tokens = model.vocabulary.tokens
    drawn = sample_sentences(continued, count, seed, temperature)
    return [" ".join([*words, *(tokens[number] for number in ids)]) for ids in drawn]


class _Continued:
    """A language model that has read the beginning of a sentence already."""

    def __init__(self, model: NextWord, start: Ids) -> None:
        self._model = model
        self._start = start

    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read the beginning first where nothing was read; see `NextWord`."""
        if state is None:
            for word in [EOS, *self._start[:-1]] if len(self._start) else []:
                _, state = self._model.next_word(np.full(len(ids), word), state)
            ids = np.full(len(ids), self._start[-1]) if len(self._start) else ids
        return self._model.next_word(ids, state)


def _load(directory: Path, task: str) -> LoadedModel:
    model = load_model(directory)
    if model.config["task"] != task:
        raise RnnpipeError(f"{directory}: a model for {model.config['task']}, not for {task}; name another one with --model")
    return model


def _words(model: LoadedModel, text: str) -> list[str]:
    return [token for token, _, _ in tokenize(model.tokenizer, text)]


def _split(model: LoadedModel, texts: Sequence[Sequence[str]]) -> EncodedSplit:
    ids = [model.vocabulary.encode(words) for words in texts]
    offsets = np.cumsum([0, *(len(row) for row in ids)], dtype=np.int64)
    return EncodedSplit(np.concatenate(ids).astype(np.uint32), offsets)


def _batch(model: LoadedModel, texts: Sequence[Sequence[str]], max_length: int | None = None) -> Batch:
    return classification_batch(_split(model, texts), np.arange(len(texts)), max_length)
