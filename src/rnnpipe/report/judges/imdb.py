"""Claims about IMDb at the lecture's sizes: vectors of 32 numbers, the last T words."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, verdict_if
from rnnpipe.report.groups import Group, group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.scores import of_cell, strongest

ENTRY_DIMENSION = 32
SEEDS = 3
LEADING = 95.0


def simple_rnn(measurements: Measurements) -> Verdict:
    """Judge the plain RNN."""
    return _entry_level(measurements, "rnn", measurements.params.report.claims.imdb_rnn)


def lstm(measurements: Measurements) -> Verdict:
    """Judge the LSTM."""
    return _entry_level(measurements, "lstm", measurements.params.report.claims.imdb_lstm)


def leading(measurements: Measurements) -> Verdict:
    """Look for any network above 95 %; as long as there is none, the claim waits for the leading recipes."""
    best = strongest(_on_imdb(measurements))
    spread = best.spread("accuracy.test") if best else None
    if not spread:
        return NOT_MEASURED
    if spread.mean > LEADING:
        return Verdict("holds", spread.text(1, " %"))
    return Verdict("not yet measured", f"strongest network so far: {spread.text(1, ' %')}")


def _entry_level(measurements: Measurements, cell: str, bar: float) -> Verdict:
    best = strongest([group for group in of_cell(_on_imdb(measurements), cell) if _is_entry_level(measurements, group)])
    spread = best.spread("accuracy.test") if best else None
    if not spread:
        return NOT_MEASURED
    if len(spread.values) < SEEDS:
        return Verdict("not yet measured", f"{spread.text(1, ' %')} on {len(spread.values)} of {SEEDS} seeds")
    return verdict_if(spread.mean >= bar, spread.text(1, " %"))


def _on_imdb(measurements: Measurements) -> list[Group]:
    groups = group_runs(measurements.of("sentiment"))
    return [
        group for group in groups if str(group.first.parameter("corpus")).startswith("imdb") and group.spread("accuracy.test")
    ]


def _is_entry_level(measurements: Measurements, group: Group) -> bool:
    """Tell whether a group is the lecture's set-up: own vectors of 32 numbers, one layer, one direction, the last T words."""
    run = group.first
    embedding = measurements.params.embeddings.get(run.parameter("embedding"))
    small = embedding is not None and embedding.dimension == ENTRY_DIMENSION
    plain = run.parameter("layers") == 1 and not run.parameter("bidirectional")
    return small and plain and run.parameter("max_length") is not None
