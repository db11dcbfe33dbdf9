"""The claim about times, which a benchmark took on some machine."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.speed import machine, speeds

WAYS = {"gru over lstm": "our loop", "gru_fused over lstm_fused": "torch's kernels"}
"""Ratio of the benchmark → in what both cells are written."""


def gru_lstm_speed(measurements: Measurements) -> Verdict:
    """Show the GRU's tokens/s over the LSTM's, in our loop and in torch's kernels, and on which machine."""
    timed = speeds(measurements)
    if not timed:
        return NOT_MEASURED
    figures = [
        f"{way}: {', '.join(f'{format_number(speed.ratios[ratio], 2)} × the LSTM on {speed.title}' for speed in timed)}"
        for ratio, way in WAYS.items()
    ]
    return Verdict("shown", join([*figures, machine(measurements)]))
