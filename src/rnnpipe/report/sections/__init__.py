"""The report's sections in their order, each a pure function of the measurements."""

from rnnpipe.report.blocks import PageSection
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections import lecture, long_term, runs, softmax, word_vectors


def report_sections(measurements: Measurements) -> tuple[PageSection, ...]:
    """Return all sections that have anything to show."""
    sections = (
        lecture.claims_section(measurements),
        runs.scores_section(measurements),
        runs.learning_section(measurements),
        long_term.section(measurements),
        *runs.confusion_sections(measurements),
        word_vectors.section(measurements),
        softmax.section(measurements),
        runs.samples_section(measurements),
        runs.vocabulary_section(measurements),
        lecture.slides_section(measurements),
    )
    return tuple(section for section in sections if section.blocks)
