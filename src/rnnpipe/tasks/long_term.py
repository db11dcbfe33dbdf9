"""Language models that are asked how far back they remember, a grid of learning rates and seeds for each cell."""

from rnnpipe.tasks.language_model import LanguageModel


class LongTerm(LanguageModel):
    """Next-word prediction, in a section of its own."""

    name = "long_term"
