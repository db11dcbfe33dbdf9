"""The lecture's claims with their verdicts, and the way from its slides to stages and results."""

from itertools import chain

from rnnpipe.report.blocks import PageSection, Table
from rnnpipe.report.claims import NOT_MEASURED, Claim, Verdict
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.verdicts import all_verdicts

RNN_TYPES = (
    ("one-to-one", "x → y", "the MLP, for comparison", "`fit_mlp`"),
    ("one-to-many", "<EOS> → y₁ y₂ … <EOS>", "a language model writes a sentence", "`evaluate_language_model`"),
    ("many-to-one", "x₁ x₂ … xₙ → y", "sentiment of a text", "`train_sentiment`"),
    ("many-to-many, same length", "x₁ … xₙ → y₁ … yₙ", "named entities; next words", "`train_ner`, `train_language_model`"),
    ("many-to-many, different length", "x₁ … xₙ → y₁ … yₘ", "translation", "later work"),
)


def claims_section(measurements: Measurements) -> PageSection:
    """Return the table of claims."""
    bars = measurements.params.report.claims
    rows = tuple(
        (claim.id, claim.slide, claim.claim, claim.measured, _figure(claim, verdict), claim.bar_of(bars), verdict.state)
        for claim, verdict in all_verdicts(measurements)
    )
    headings = ("id", "slide", "claim", "measured", "figure", "bar", "verdict")
    lead = (
        "Judged by the pipeline from the measurements and the bars beside them (`report.claims` in params.yaml), never by hand. "
        "Where a figure has a spread, it is mean ± standard deviation (number of seeds)."
    )
    return PageSection("claims", "Claims", lead, (Table(headings, rows, states=6),))


def slides_section(measurements: Measurements) -> PageSection:
    """Return the tables slide → stages → result, and type of network → task → stage."""
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
    by_slide = Table(("slide", "stage", "result"), rows, caption="Slides and stages")
    by_type = Table(("type", "picture", "task", "stage"), RNN_TYPES, caption="Types of recurrent networks")
    lead = "Where each slide of the lecture lives in the pipeline. Each stage is one file in `src/rnnpipe/stages/`."
    return PageSection("lecture", "From slide to result", lead, (by_slide, by_type))


def _figure(claim: Claim, verdict: Verdict) -> str:
    if verdict.state == "not yet measured" and claim.waits_for:
        return f"waits for {claim.waits_for}" if verdict == NOT_MEASURED else f"{verdict.figure}\nwaits for {claim.waits_for}"
    return verdict.figure
