"""The way from the lecture's slides to stages and results, and its equations written out."""

from itertools import chain

from rnnpipe.report.blocks import PageSection, Table
from rnnpipe.report.claims import Claim, Verdict
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.verdicts import all_verdicts

RNN_TYPES = (
    ("one-to-one", "x → y", "the MLP, for comparison", "`fit_mlp`"),
    ("one-to-many", "<EOS> → y₁ y₂ … <EOS>", "a language model writes a sentence, or a tune", "`evaluate_language_model`"),
    ("many-to-one", "x₁ x₂ … xₙ → y", "sentiment of a text", "`train_sentiment`"),
    ("many-to-many, same length", "x₁ … xₙ → y₁ … yₙ", "named entities; next words", "`train_ner`, `train_language_model`"),
    ("many-to-many, different length", "x₁ … xₙ → y₁ … yₘ", "translation", "later work"),
)
CHECKS = {
    "one_hot": ("a row looked up, and the product E · o", "one-hot"),
    "bptt": ("the gradient through time, and autograd's", "bptt"),
}
"""Key in metrics.json of `verify_equations` → what is compared, and the claim about it; all others are cells."""


def section(measurements: Measurements) -> PageSection:
    """Return the tables slide → stages → result, type of network → task → stage, and equation → largest difference."""
    slides: dict[str, list[tuple[Claim, Verdict]]] = {}
    for claim, verdict in all_verdicts(measurements):
        slides.setdefault(claim.slide, []).append((claim, verdict))
    rows = tuple(
        (
            slide,
            ", ".join(f"`{stage}`" for stage in dict.fromkeys(chain(*(claim.stages for claim, _ in judged)))) or "later work",
            ", ".join(f"{claim.id}: {verdict.state}" for claim, verdict in judged),
        )
        for slide, judged in slides.items()
    )
    caption = "The stages that measure what a slide says, and what came of its claims."
    by_slide = Table(title="Slides and stages", headings=("slide", "stage", "result"), rows=rows, caption=caption)
    by_type = Table(
        title="Types of recurrent networks",
        headings=("type", "picture", "task", "stage"),
        rows=RNN_TYPES,
        caption="What goes in, x, what comes out, y, and where the pipeline has such a network.",
        claims=("rnn-types",),
    )
    lead = "Where each slide of the lecture lives in the pipeline. Each stage is one file in `src/rnnpipe/stages/`."
    blocks = (by_slide, by_type, *_equations(measurements)) if slides else ()
    return PageSection("lecture", "From slide to result", lead, blocks)


def _equations(measurements: Measurements) -> tuple[Table, ...]:
    """Return the largest difference between each equation written out and what the pipeline computes."""
    rows, claims = [], []
    for key in measurements.equations.metrics:
        name, _, measure = key.partition(".")
        difference = measurements.equations.number(key)
        if difference is None or measure in ("steps", "words"):
            continue
        said, claim = CHECKS.get(name, ("", ""))
        claims += [claim] if claim else []
        rows.append((said or f"cell {measure.replace('.', ', ')}", f"{difference:.0e}" if difference else "0"))
    if not rows:
        return ()
    table = Table(
        title="Equations written out",
        headings=("what is compared", "largest difference"),
        rows=tuple(rows),
        numbers=frozenset((1,)),
        caption="Each cell step by step, and as its fast form, against the lecture's equations in float64.",
        claims=tuple(claims),
        wide=False,
    )
    return (table,)
