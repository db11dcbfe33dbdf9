"""The report's sections in their order, each a pure function of the measurements."""

from rnnpipe.report.blocks import PageSection
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections import (
    answers,
    curves,
    lecture,
    long_term,
    scores,
    softmax,
    sources,
    speed,
    state_tracking,
    word_vectors,
)


def report_sections(measurements: Measurements) -> tuple[PageSection, ...]:
    """Return all sections that have anything to show."""
    sections = (
        scores.section(measurements),
        curves.section(measurements),
        long_term.section(measurements),
        state_tracking.section(measurements),
        *answers.confusion_sections(measurements),
        answers.samples_section(measurements),
        word_vectors.section(measurements),
        softmax.section(measurements),
        speed.section(measurements),
        sources.vocabulary_section(measurements),
        lecture.section(measurements),
        sources.provenance_section(measurements),
    )
    return tuple(section for section in sections if section.blocks)
