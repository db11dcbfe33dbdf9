"""How fast networks are trained, on the machine where the benchmark was run."""

from __future__ import annotations

from rnnpipe.report.blocks import MISSING, PageSection, Table
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.speed import Speeds, machine, speeds

STEPS = {
    "example": "PyTorch's example",
    "full": "softmax",
    "bf16": "softmax, products in bfloat16",
    "adaptive": "adaptive",
    "hierarchical": "hierarchical",
    "sampled": "negative sampling",
}
"""Contestant of the benchmark → what stands on the states."""


def section(measurements: Measurements) -> PageSection:
    """Return the tables of whole steps and of single layers; nothing where nobody ran the benchmark."""
    timed = speeds(measurements)
    lead = (
        "Training tokens per second, by `make bench-language-model`. Times are no pure function of the inputs: these were taken "
        f"on {machine(measurements)}, and are kept in git."
        if timed
        else ""
    )
    return PageSection("speed", "Speed", lead, (_steps(timed), _cells(timed)) if timed else ())


def _steps(timed: tuple[Speeds, ...]) -> Table:
    rows = [
        (said, *(cell for speed in timed for cell in (_whole(speed.training.get(name)), _ratio(speed.speedup.get(name)))))
        for name, said in STEPS.items()
    ]
    headings = ("head", *(heading for speed in timed for heading in (speed.title, "× the example")))
    return Table(
        title="Whole steps of a language model",
        headings=headings,
        rows=tuple(rows),
        numbers=frozenset(range(1, len(headings))),
        caption="LSTM 2 × 200, 33,278 words, batch 20, windows of 35, tokens/s. Ratios are medians over rounds of one run.",
    )


def _cells(timed: tuple[Speeds, ...]) -> Table:
    names = list(timed[0].figures["cells"]["small"])
    rows = [
        (
            name.removesuffix("_fused"),
            "torch's kernel" if name.endswith("_fused") else "our loop",
            *(_whole(speed.cell(name, "small", "tokens_per_second")) for speed in timed),
            *(_share(speed.cell(name, "large", "share_of_peak")) for speed in timed),
        )
        for name in names
    ]
    shown = [f"{figure}, {speed.title}" for figure in ("tokens/s", "peak %") for speed in timed]
    headings = ("cell", "written as", *shown)
    sizes = timed[0].figures["sizes"]
    return Table(
        title="Steps of one layer",
        headings=headings,
        rows=tuple(rows),
        numbers=frozenset(range(2, len(headings))),
        caption=f"Tokens/s: {sizes['small']}. Share of what a plain product of matrices reaches: {sizes['large']}.",
        claims=("gru-lstm-speed",),
    )


def _whole(value: float | None) -> str:
    return MISSING if value is None else f"{value:,.0f}"


def _ratio(value: float | None) -> str:
    return MISSING if value is None else format_number(value, 2)


def _share(value: float | None) -> str:
    return MISSING if value is None else format_number(100 * value, 0)
