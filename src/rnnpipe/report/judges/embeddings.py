"""Claims about word vectors."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.groups import format_number, group_runs
from rnnpipe.report.measurements import Measured, Measurements

TRAINED = ("word2vec", "glove", "imported")


def one_hot(measurements: Measurements) -> Verdict:
    """Ask that looking up a row is the product with a one-hot vector, to the bit."""
    difference = measurements.equations.number("one_hot.largest_difference")
    return verdict_if(difference == 0.0, f"largest difference {difference:g}") if difference is not None else NOT_MEASURED


def one_hot_blind(measurements: Measurements) -> Verdict:
    """Ask that one-hot vectors give 0 to every pair, and that trained ones put the two fruits nearer than fruit and king."""
    measured = [(entry, _fruit(entry), _king(entry)) for entry in measurements.embeddings]
    cosines = [(entry, fruit, king) for entry, fruit, king in measured if fruit is not None and king is not None]
    blind = [fruit == 0 == king for entry, fruit, king in cosines if _kind(entry) == "one_hot"]
    seeing = [fruit > king for entry, fruit, king in cosines if entry.section in TRAINED]
    if not blind or not seeing:
        return NOT_MEASURED
    figure = join(
        f"{entry.name}: {format_number(fruit, 2)} against {format_number(king, 2)}"
        for entry, fruit, king in cosines
        if entry.section in TRAINED or _kind(entry) == "one_hot"
    )
    return verdict_if(all(blind) and all(seeing), figure)


def features(measurements: Measurements) -> Verdict:
    """Ask that a linear probe finds the features in every embedding that was trained on a grammar."""
    bar = measurements.params.report.claims.feature_probe
    return _judge(measurements, TRAINED, "probe.accuracy", bar)


def skip_gram(measurements: Measurements) -> Verdict:
    """Judge Word2Vec's analogies on a grammar."""
    return _judge(measurements, ("word2vec",), "analogies.accuracy", measurements.params.report.claims.analogies)


def glove(measurements: Measurements) -> Verdict:
    """Judge GloVe's analogies on a grammar."""
    return _judge(measurements, ("glove",), "analogies.accuracy", measurements.params.report.claims.analogies)


def _judge(measurements: Measurements, sections: tuple[str, ...], key: str, bar: float) -> Verdict:
    """Ask that a percentage clears its bar in every group of embeddings that is asked the questions of a grammar."""
    questions = measurements.params.embedding_evaluation
    asked = [entry for entry in measurements.embeddings if entry.name in questions and questions[entry.name].truth == "grammar"]
    groups = [group for group in group_runs(entry for entry in asked if entry.section in sections) if group.spread(key)]
    if not groups:
        return NOT_MEASURED
    means = [spread.mean for group in groups if (spread := group.spread(key))]
    return verdict_if(min(means) >= bar, join(f"{group.first.name}: {group.text(key)} %" for group in groups))


def _fruit(entry: Measured) -> float | None:
    return entry.number("cosine.apple_orange")


def _king(entry: Measured) -> float | None:
    return entry.number("cosine.apple_king")


def _kind(entry: Measured) -> str:
    return str(entry.parameter("kind"))
