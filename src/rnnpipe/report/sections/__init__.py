"""The report's sections in their order, each a pure function of the measurements."""

from rnnpipe.report.blocks import Section
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.sections import confusions, embeddings, language, learning, lecture, long_term, runs, softmax, vocabulary

SECTIONS = (
    lecture.claims_section,
    runs.section,
    learning.section,
    long_term.section,
    confusions.sentiment_section,
    confusions.ner_section,
    embeddings.section,
    softmax.section,
    language.section,
    vocabulary.section,
    lecture.slides_section,
)


def report_sections(measurements: Measurements) -> tuple[Section, ...]:
    """Return all sections that have anything to show."""
    return tuple(section for make in SECTIONS if (section := make(measurements)).blocks)
