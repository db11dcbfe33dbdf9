"""Model cards: in Markdown, from the files of the pipeline, what a model is, what was measured, and what it is not for."""

from rnnpipe.cards.card import example_text, model_card, number_of_weights, write_cards

__all__ = ["example_text", "model_card", "number_of_weights", "write_cards"]
