"""Claims that compare runs which are alike in all but one thing."""

from collections.abc import Iterable

from rnnpipe.params import Score
from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.groups import Group, Spread, format_number, group_runs, is_sample, pairs_differing_in, writes_tunes
from rnnpipe.report.read.long_term import comparable_sweeps
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.settings import layer_sizes


def gru_lstm_quality(measurements: Measurements) -> Verdict:
    """Ask that GRU and LSTM are equal within standard errors on every task, with enough seeds; else show the differences."""
    bars = measurements.params.report.claims
    pairs = [
        (f"{score.label} ({_corpus(gru)})", gru.spread(score.key), lstm.spread(score.key), score.digits)
        for task, score in _scores(measurements)
        for gru, lstm in _pairs(measurements, task, "network.cell", "gru", "lstm")
    ]
    for family in comparable_sweeps(measurements):
        if {"gru", "lstm"} <= set(family):
            far = [family[cell].chosen(bars.long_distance) for cell in ("gru", "lstm")]
            pairs.append(("long agreement", far[0], far[1], 1))
    measured = [(name, gru, lstm, digits) for name, gru, lstm, digits in pairs if gru and lstm]
    if not measured:
        return NOT_MEASURED
    figure = join(f"{name}: {_difference(gru, lstm, digits)}" for name, gru, lstm, digits in measured)
    enough = all(min(len(gru.values), len(lstm.values)) >= bars.seeds for _, gru, lstm, _ in measured)
    alike = all(abs(gru.mean - lstm.mean) <= bars.equal_errors * _error(gru, lstm) for _, gru, lstm, _ in measured)
    return Verdict("holds" if enough and alike else "shown", figure)


def bidirectional(measurements: Measurements) -> Verdict:
    """Ask that reading both ways gains span F1 on a grammar, and tells both fruits from both firms."""
    bar = measurements.params.report.claims.bidirectional_gain
    pairs = _pairs(measurements, "ner", "network.bidirectional", True, False)
    both_ways = [(both, both.spread("f1.test"), one.spread("f1.test")) for both, one in pairs]
    measured = [(both, after, before) for both, after, before in both_ways if after and before]
    if not measured:
        return NOT_MEASURED
    figure = join(
        f"{_corpus(both)}: {after.text()} against {before.text()}, pairs correct: {both.text('pairs.correct', 0)} %"
        for both, after, before in measured
    )
    judged = [(both, after.mean - before.mean) for both, after, before in measured if is_sample(measurements, both)]
    if not judged:
        return Verdict("shown", figure)
    correct = all(run.number("pairs.correct") == 100.0 for both, _ in judged for run in both.runs)
    return verdict_if(correct and all(gain >= bar for _, gain in judged), figure)


def deep(measurements: Measurements) -> Verdict:
    """Show runs that differ only in their layers (and in their width, where parameters were kept equal)."""
    figures = []
    for task, score in _scores(measurements):
        for family in pairs_differing_in(group_runs(measurements.of(task)), "network.layers", "network.hidden"):
            scored = [
                f"{layer_sizes(group.first)} {spread.text(score.digits, score.unit)}" for group, spread in _scored(family, score)
            ]
            if len(scored) > 1:
                figures.append(f"{score.label} ({_corpus(family[0])}) by layers × width: {', '.join(scored)}")
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def three_embeddings(measurements: Measurements) -> Verdict:
    """Show runs that differ only in their embedding."""
    figures = []
    for task, score in _scores(measurements):
        for family in pairs_differing_in(group_runs(measurements.of(task)), "embedding", "network.trainable"):
            scored = [
                f"{group.first.parameter('embedding')} {spread.text(score.digits, score.unit)}"
                for group, spread in _scored(family, score)
            ]
            if len(scored) > 1:
                figures.append(f"{score.label} ({_corpus(family[0])}, all labels): {', '.join(scored)}")
    return Verdict("shown", join(figures)) if figures else NOT_MEASURED


def rnn_types(measurements: Measurements) -> Verdict:
    """Show which of the types were run: each is one of the tasks."""
    scores = dict(_scores(measurements))
    if not all(_was_run(measurements, task, scores) for task in ("language_model", "sentiment", "ner")):
        return NOT_MEASURED
    music = [run.name for run in measurements.of("language_model") if writes_tunes(measurements, run)]
    drawn = "a sampled sentence" + (f", a tune ({', '.join(music)})" if music else "")
    return Verdict("shown", f"one-to-many: {drawn}\nmany-to-one: sentiment\nmany-to-many: named entities, next words")


def _scores(measurements: Measurements) -> list[tuple[str, Score]]:
    """Return each task with the figure that its runs are compared by."""
    return [(task, kind.score) for task, kind in measurements.tasks.items()]


def _was_run(measurements: Measurements, task: str, scores: dict[str, Score]) -> bool:
    return task in scores and any(run.number(scores[task].key) is not None for run in measurements.of(task))


def _pairs(measurements: Measurements, task: str, field: str, first: object, second: object) -> list[tuple[Group, Group]]:
    """Return pairs of groups that differ only in one parameter, which is `first` in the one and `second` in the other."""
    found = []
    for family in pairs_differing_in(group_runs(measurements.of(task)), field):
        by_value = {group.first.parameter(field): group for group in family}
        if first in by_value and second in by_value:
            found.append((by_value[first], by_value[second]))
    return found


def _scored(family: Iterable[Group], score: Score) -> list[tuple[Group, Spread]]:
    return [(group, spread) for group in family if (spread := group.spread(score.key))]


def _corpus(group: Group) -> str:
    return str(group.first.parameter("corpus"))


def _error(one: Spread, other: Spread) -> float:
    """Return the standard error of the difference of two means."""
    return float((one.error**2 + other.error**2) ** 0.5)


def _difference(gru: Spread, lstm: Spread, digits: int) -> str:
    seeds = min(len(gru.values), len(lstm.values))
    spread = f" ± {format_number(_error(gru, lstm), digits)} s.e. ({seeds} seeds)" if seeds > 1 else ""
    sign = "+" if gru.mean >= lstm.mean else ""
    return f"{sign}{format_number(gru.mean - lstm.mean, digits)}{spread}"
