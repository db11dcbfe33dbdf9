"""The report's sections in their order, each a pure function of the measurements."""

from rnnpipe.report.blocks import Section
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections import lecture, long_term, runs, softmax, word_vectors

SECTIONS = (
    lecture.claims_section,
    runs.scores_section,
    runs.learning_section,
    long_term.section,
    runs.sentiment_section,
    runs.ner_section,
    word_vectors.section,
    softmax.section,
    runs.samples_section,
    runs.vocabulary_section,
    lecture.slides_section,
)


def report_sections(measurements: Measurements) -> tuple[Section, ...]:
    """Return all sections that have anything to show."""
    return tuple(section for make in SECTIONS if (section := make(measurements)).blocks)
