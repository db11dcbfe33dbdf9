"""Span F1 of named entities, as the CoNLL shared tasks count it (the script `conlleval`)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rnnpipe.metrics.classification import ratio

Span = tuple[int, int, str]
"""First token, token after the last, type."""


@dataclass(frozen=True)
class SpanScore:
    """Entities of one type, or of all; a predicted one is correct if both ends and the type are correct."""

    actual: int
    predicted: int
    correct: int

    @property
    def precision(self) -> float:
        """Part of the predicted entities that are correct, in percent; 0 if there are none."""
        return 100.0 * ratio(self.correct, self.predicted)

    @property
    def recall(self) -> float:
        """Part of the actual entities that were found, in percent; 0 if there are none."""
        return 100.0 * ratio(self.correct, self.actual)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in percent."""
        return 100.0 * ratio(2 * self.correct, self.actual + self.predicted)


def find_spans(tags: Sequence[str]) -> list[Span]:
    """Return the entities of one sentence by conlleval's rules, which read any sequence of tags.

    `B-X` begins an entity. So does an `I-X` that does not go on with an entity of type X: after `O`, at the start of the
    sentence, after another type. A network may predict such a sequence, and other readings give another F1.

    Parameters
    ----------
    tags : sequence of str
        `O`, `B-type` or `I-type`; anything else is a ValueError.
    """
    spans: list[Span] = []
    start, current = 0, ""
    for position, tag in enumerate([*tags, "O"]):
        prefix, _, kind = tag.partition("-")
        if prefix not in ("B", "I", "O") or (prefix == "O") != (kind == ""):
            raise ValueError(f"{tag!r} is no tag of the scheme IOB: O, B-type, I-type")
        if current and (prefix != "I" or kind != current):
            spans.append((start, position, current))
            current = ""
        if kind and not current:
            start, current = position, kind
    return spans


def span_scores(actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> tuple[SpanScore, dict[str, SpanScore]]:
    """Return the score of all entities (micro average), and the score of each type, by name.

    Parameters
    ----------
    actual, predicted : sequence of sequence of str
        Tags of each sentence. An entity never goes on from one sentence to the next.
    """
    counts = {name: Counter[str]() for name in ("actual", "predicted", "correct")}
    for gold, guess in zip(actual, predicted, strict=True):
        if len(gold) != len(guess):
            raise ValueError(f"a sentence of {len(gold)} tags was given {len(guess)} predictions")
        gold_spans, guess_spans = set(find_spans(gold)), set(find_spans(guess))
        counts["actual"].update(kind for *_, kind in gold_spans)
        counts["predicted"].update(kind for *_, kind in guess_spans)
        counts["correct"].update(kind for *_, kind in gold_spans & guess_spans)
    kinds = sorted({*counts["actual"], *counts["predicted"]})
    by_type = {kind: SpanScore(*(counts[name][kind] for name in counts)) for kind in kinds}
    return SpanScore(*(counts[name].total() for name in counts)), by_type
