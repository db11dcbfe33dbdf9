"""What a tagger of named entities is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.classification import accuracy, confusion_rows, confusion_table
from rnnpipe.evaluation.perplexity import oov_rate
from rnnpipe.evaluation.spans import SpanScore, span_scores
from rnnpipe.evaluation.splits import main_split, scored_splits
from rnnpipe.evaluation.tables import write_lines, write_metrics, write_table
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

Predict = Callable[[EncodedSplit], NDArray[np.uint8]]
"""Split → id of the predicted tag of each word, shape (N,)."""

Tagged = tuple[list[str], list[str]]
"""Words and tags of a sentence."""

SPAN_COLUMNS = ("type", "actual", "predicted", "right", "precision", "recall", "f1")


@dataclass(frozen=True)
class NerReport:
    """The files of `reports/ner/<run>`; the tables are of the test split, or of the last one if there is none of this name."""

    metrics: Mapping[str, float]
    tags: Sequence[str]
    confusion: NDArray[np.int64]
    """Words by actual and predicted tag, shape (C, C)."""
    by_type: Mapping[str, SpanScore]
    lines: Sequence[str]
    """`word actual predicted`, and a blank line after each sentence: what the script conlleval reads."""

    def write(self, folder: Path) -> None:
        """Write all four files."""
        spans = [
            (kind, score.actual, score.predicted, score.right, score.precision, score.recall, score.f1)
            for kind, score in self.by_type.items()
        ]
        write_metrics(folder / "metrics.json", self.metrics)
        write_table(folder / "confusion.csv", ("actual", "predicted", "count"), confusion_rows(self.confusion, self.tags))
        write_table(folder / "spans.csv", SPAN_COLUMNS, spans)
        write_lines(folder / "predictions.conll", self.lines)


def evaluate(predict: Predict, corpus: EncodedCorpus, pairs: Sequence[Tagged], known: Mapping[str, float]) -> NerReport:
    """Score every split but `train`.

    Parameters
    ----------
    predict : Predict
        The tagger.
    corpus : EncodedCorpus
        Of tagged sentences.
    pairs : sequence of Tagged
        Sentences that only the words after the name tell apart, of `read_pairs`; they may be none.
    known : mapping of str to float
        What else belongs into the metrics.
    """
    tags = corpus.meta["tags"]
    metrics = dict(known)
    names = scored_splits(corpus)
    guesses = {name: predict(corpus.split(name)) for name in names}
    for name, guess in guesses.items():
        split = corpus.split(name)
        total, _ = span_scores(named_tags(split, split.tags, tags), named_tags(split, guess, tags))
        metrics |= {f"f1.{name}": total.f1, f"precision.{name}": total.precision, f"recall.{name}": total.recall}
        metrics[f"accuracy.{name}"] = accuracy(_confusion(split, guess, tags))
        metrics[f"entities.{name}"] = total.actual
        metrics[f"oov_rate.{name}"] = oov_rate(split.ids)
    if pairs:
        metrics["pairs.right"] = pairs_right(predict, corpus, pairs)
        metrics["pairs.count"] = len(pairs)
    main = main_split(names)
    split, guess = corpus.split(main), guesses[main]
    _, by_type = span_scores(named_tags(split, split.tags, tags), named_tags(split, guess, tags))
    lines = list(_conll(split, guess, corpus.vocabulary.tokens, tags))
    return NerReport(metrics, tags, _confusion(split, guess, tags), by_type, lines)


def pairs_right(predict: Predict, corpus: EncodedCorpus, pairs: Sequence[Tagged]) -> float:
    """Return the share of sentences whose tags are all right, in percent."""
    words = [corpus.vocabulary.encode(tokens).astype(np.uint32) for tokens, _ in pairs]
    offsets = np.cumsum([0, *map(len, words)])
    empty = np.zeros(int(offsets[-1]), dtype=np.uint8)
    split = EncodedSplit(np.concatenate(words), offsets, None, empty)
    guesses = named_tags(split, predict(split), corpus.meta["tags"])
    return 100.0 * float(np.mean([guess == tags for guess, (_, tags) in zip(guesses, pairs, strict=True)]))


def read_pairs(path: Path) -> list[Tagged]:
    """Read `pairs.conll`: a word and its tag a line, a blank line after each sentence. Without such a file there are none."""
    if not path.is_file():
        return []
    sentences: list[Tagged] = [([], [])]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = line.split()
        if len(fields) not in (0, 2):
            raise RnnpipeError(f"{path}:{number}: a word and its tag were expected, not {line!r}")
        if fields:
            sentences[-1][0].append(fields[0])
            sentences[-1][1].append(fields[1])
        else:
            sentences.append(([], []))
    return [sentence for sentence in sentences if sentence[0]]


def named_tags(split: EncodedSplit, ids: NDArray[np.uint8] | None, tags: Sequence[str]) -> list[list[str]]:
    """Return the tags of each sentence by name, for ids of shape (N,) in the order of the split."""
    if ids is None:
        raise ValueError("a corpus without tags")
    names = np.array(tags, dtype=object)[ids].tolist()
    return [names[start:end] for start, end in zip(split.offsets[:-1].tolist(), split.offsets[1:].tolist(), strict=True)]


def _confusion(split: EncodedSplit, guess: NDArray[np.uint8], tags: Sequence[str]) -> NDArray[np.int64]:
    assert split.tags is not None
    return confusion_table(split.tags, guess, len(tags))


def _conll(split: EncodedSplit, guess: NDArray[np.uint8], words: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    actual, predicted = named_tags(split, split.tags, tags), named_tags(split, guess, tags)
    for index in range(len(split)):
        for word, *both in zip(split.document(index).tolist(), actual[index], predicted[index], strict=True):
            yield " ".join([words[word], *both])
        yield ""
