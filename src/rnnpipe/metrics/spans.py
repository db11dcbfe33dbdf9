"""Span F1 of named entities, as the CoNLL shared tasks count it (the script `conlleval`)."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from rnnpipe.metrics.classification import ratio

Span = tuple[int, int, str]
"""First token, token after the last, type."""

Surface = tuple[str, ...]
"""The words of an entity."""


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


def find_spans(tags: Sequence[str], strict: bool = False) -> list[Span]:
    """Return the entities of one sentence by conlleval's rules, which read any sequence of tags.

    `B-X` begins an entity, and so does `S-X`. So does an `I-X` or `E-X` that does not go on with an entity of type X: after `O`,
    at the start of the sentence, after another type, after `E` or `S`. A network may predict such a sequence, and other readings
    give another F1.

    Parameters
    ----------
    tags : sequence of str
        `O`, or a type behind `B-`, `I-`, `E-` or `S-`; anything else is a ValueError.
    strict : bool, default=False
        What begins with `I` or `E` is no entity, nor is what follows it.
    """
    spans: list[Span] = []
    start, current, before = 0, "", "O"
    for position, tag in enumerate([*tags, "O"]):
        prefix, _, kind = tag.partition("-")
        if prefix not in ("B", "I", "E", "S", "O") or (prefix == "O") != (kind == ""):
            raise ValueError(f"{tag!r} is no tag of the schemes IOB and BIOES: O, or B, I, E, S with -type")
        goes_on = prefix in ("I", "E") and kind == current and before not in ("E", "S")
        if current and not goes_on:
            if not strict or tags[start][0] in "BS":
                spans.append((start, position, current))
            current = ""
        if kind and not current:
            start, current = position, kind
        before = prefix
    return spans


def span_scores(
    actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], strict: bool = False
) -> tuple[SpanScore, dict[str, SpanScore]]:
    """Return the score of all entities (micro average), and the score of each type, by name.

    Parameters
    ----------
    actual, predicted : sequence of sequence of str
        Tags of each sentence. An entity never goes on from one sentence to the next.
    strict : bool, default=False
        As of `find_spans`, for the predicted ones.
    """
    counts = {name: Counter[str]() for name in ("actual", "predicted", "correct")}
    for gold, guess in zip(actual, predicted, strict=True):
        if len(gold) != len(guess):
            raise ValueError(f"a sentence of {len(gold)} tags was given {len(guess)} predictions")
        gold_spans, guess_spans = set(find_spans(gold)), set(find_spans(guess, strict))
        counts["actual"].update(kind for *_, kind in gold_spans)
        counts["predicted"].update(kind for *_, kind in guess_spans)
        counts["correct"].update(kind for *_, kind in gold_spans & guess_spans)
    kinds = sorted({*counts["actual"], *counts["predicted"]})
    by_type = {kind: SpanScore(*(counts[name][kind] for name in counts)) for kind in kinds}
    return SpanScore(*(counts[name].total() for name in counts)), by_type


def known_and_new(
    words: Sequence[Sequence[str]], actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], known: Set[Surface]
) -> tuple[SpanScore, SpanScore]:
    """Return the score of the entities whose words are an entity of the train split, and of all others.

    Parameters
    ----------
    words : sequence of sequence of str
        Of each sentence.
    actual, predicted : sequence of sequence of str
        Tags of each sentence.
    known : set of tuple of str
        Words of each entity of the train split, see `surfaces`; its type does not matter.
    """
    counts = {True: Counter[str](), False: Counter[str]()}
    for sentence, gold, guess in zip(words, actual, predicted, strict=True):
        gold_spans, guess_spans = set(find_spans(gold)), set(find_spans(guess))
        for name, spans in (("actual", gold_spans), ("predicted", guess_spans), ("correct", gold_spans & guess_spans)):
            for start, end, _ in spans:
                counts[tuple(sentence[start:end]) in known][name] += 1
    seen, new = (SpanScore(*(found[name] for name in ("actual", "predicted", "correct"))) for found in counts.values())
    return seen, new


def surfaces(words: Iterable[Sequence[str]], tags: Iterable[Sequence[str]]) -> set[Surface]:
    """Return the words of each entity of some sentences."""
    pairs = zip(words, tags, strict=True)
    return {tuple(sentence[start:end]) for sentence, own in pairs for start, end, _ in find_spans(own)}


def span_errors(actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, int]:
    """Count wrong and missing entities by kind.

    `type`: predicted with the right words and another type; `border`: predicted with other words than those of an entity that it
    overlaps; `spurious`: predicted where none is; `missed`: an entity that nothing predicted overlaps.
    """
    counts = dict.fromkeys(("type", "border", "spurious", "missed"), 0)
    for gold, guess in zip(actual, predicted, strict=True):
        gold_spans, guess_spans = set(find_spans(gold)), set(find_spans(guess))
        places = {(start, end) for start, end, _ in gold_spans}
        for start, end, _ in guess_spans - gold_spans:
            overlaps = any(first < end and start < behind for first, behind in places)
            counts["type" if (start, end) in places else "border" if overlaps else "spurious"] += 1
        for first, behind, _ in gold_spans:
            counts["missed"] += not any(start < behind and first < end for start, end, _ in guess_spans)
    return counts
