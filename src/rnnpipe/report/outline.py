"""How the page is put together: the lecture's story in six figures, the claims, the runs; numbers, and links both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rnnpipe.params import Run
from rnnpipe.report.blocks import Block, Figure, Fold, PageSection
from rnnpipe.report.claims import NOT_MEASURED, Claim, State, Verdict, join
from rnnpipe.report.numbering import Addresses, links, number, numbered
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections import report_sections
from rnnpipe.report.verdicts import all_verdicts

STORY = ("long-term", "vanishing", "bag-of-words", "bidirectional", "skip-gram", "softmax-cost")
"""Claims that carry the lecture's story; the first figure that shows one is told with it."""
TALLIED: dict[State, tuple[str, str]] = {
    "holds": ("holds", "hold"),
    "does not hold": ("does not hold", "do not hold"),
    "shown": ("shown but not judged", "shown but not judged"),
    "not yet measured": ("not yet measured", "not yet measured"),
}
"""State of a claim → how one claim, and several, are told."""
PLURALS = {"corpus": "corpora"}


@dataclass(frozen=True)
class Judged:
    """A claim, its verdict, and the blocks that it rests on."""

    claim: Claim
    verdict: Verdict
    bar: str
    evidence: tuple[Block, ...]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Names and anchors of what it rests on."""
        return links(self.evidence)

    @property
    def found(self) -> str:
        """The figure; where the claim was not measured what it waits for, after what there is."""
        if self.verdict.state != "not yet measured" or not self.claim.waits_for:
            return self.verdict.figure
        waits = f"waits for {self.claim.waits_for}"
        return waits if self.verdict == NOT_MEASURED else join((self.verdict.figure, waits))


@dataclass(frozen=True)
class Outline:
    """The page as plain data; of a project without the lecture's corpora `claims` and `story` are empty."""

    title: str
    lead: str
    """What this is, in two sentences."""
    story: tuple[tuple[Judged, Figure], ...]
    claims: tuple[Judged, ...]
    sections: tuple[PageSection, ...]
    claims_lead: str = (
        "Judged by the pipeline from the measurements and the bars beside them (`report.claims` in params.yaml), never by hand. "
        "Where a figure has a spread, it is mean ± standard deviation (number of seeds)."
    )

    @property
    def tally(self) -> list[tuple[State, str]]:
        """How many claims are in each state, in words; states that no claim is in are left out."""
        counts = Counter(judged.verdict.state for judged in self.claims)
        return [(state, f"{counts[state]} {words[counts[state] != 1]}") for state, words in TALLIED.items() if counts[state]]

    @property
    def measured(self) -> list[Judged]:
        """Claims with a verdict."""
        return [judged for judged in self.claims if judged.verdict.state != "not yet measured"]

    @property
    def unmeasured(self) -> list[Judged]:
        """Claims without."""
        return [judged for judged in self.claims if judged.verdict.state == "not yet measured"]

    def claims_of(self, block: Block) -> list[Judged]:
        """Return the claims that rest on a block."""
        return [judged for judged in self.measured if judged.claim.id in block.claims]


def outline(measurements: Measurements) -> Outline:
    """Put the page together."""
    sections = report_sections(measurements)
    verdicts = all_verdicts(measurements)
    found = {claim.id: _first_figure(sections, claim.id) for claim, verdict in verdicts if verdict.state != "not yet measured"}
    told = {claim: figure for claim in STORY if (figure := found.get(claim))}
    others = [block for section in sections for block in section if block not in told.values()]
    addresses = number([*told.values(), *others])
    labelled = [numbered(block, addresses) for block in addresses]
    bars = measurements.params.report.claims
    judged = {
        claim.id: Judged(claim, verdict, claim.bar_of(bars), _evidence(labelled, claim, verdict)) for claim, verdict in verdicts
    }
    rest = (_without(section, tuple(told.values()), addresses) for section in sections)
    return Outline(
        measurements.params.report.title,
        _lead(measurements, bool(judged)),
        tuple((judged[claim], numbered(figure, addresses)) for claim, figure in told.items()),
        tuple(judged.values()),
        tuple(section for section in rest if section.blocks),
    )


def _lead(measurements: Measurements, lecture: bool) -> str:
    networks = [run for run in measurements.runs if isinstance(run.parameters, Run)]
    counts = (
        (len(networks), "network"),
        (len(measurements.runs) - len(networks), "baseline"),
        (len(measurements.embeddings), "embedding"),
        (len(measurements.params.corpora), "corpus"),
    )
    said = [f"{count} {name if count == 1 else PLURALS.get(name, name + 's')}" for count, name in counts if count]
    made = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
    if lecture:
        return (
            "What a lecture says about recurrent networks, claim by claim, against measurements: each is held against a bar that "
            f"was fixed before anything was trained. Behind it stand {made}."
        )
    return (
        f"Behind this page stand {made}. Networks learn from the train split; the validation split chooses the epoch that is "
        "kept and the best of several runs; the test split is only scored."
    )


def _first_figure(sections: Iterable[PageSection], claim: str) -> Figure | None:
    blocks = (block for section in sections for block in section)
    return next((block for block in blocks if isinstance(block, Figure) and claim in block.claims), None)


def _evidence(blocks: Iterable[Block], claim: Claim, verdict: Verdict) -> tuple[Block, ...]:
    """Return the blocks that a claim rests on; none where nothing was measured."""
    return tuple(block for block in blocks if claim.id in block.claims and verdict != NOT_MEASURED)


def _without(section: PageSection, told: tuple[Block, ...], addresses: Addresses) -> PageSection:
    """Return a section with its blocks labelled, less those that stand at the top of the page."""

    def kept() -> Iterator[Block | Fold]:
        for block in section.blocks:
            if isinstance(block, Fold):
                yield replace(block, blocks=tuple(numbered(one, addresses) for one in block.blocks if one not in told))
            elif block not in told:
                yield numbered(block, addresses)

    return replace(section, blocks=tuple(kept()))
