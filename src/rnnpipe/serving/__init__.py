"""Trained models that answer for texts: the command line and MLflow's server give the same answers, by the same functions."""

from rnnpipe.serving.answers import (
    Entity,
    LabelledText,
    ScoredText,
    Scorer,
    TaggedText,
    label_probabilities,
    label_texts,
    score_texts,
    tag_texts,
)
from rnnpipe.serving.generation import DrawnText, draw_texts
from rnnpipe.serving.reading import Text
from rnnpipe.serving.vectors import input_vectors

__all__ = [
    "DrawnText",
    "Entity",
    "LabelledText",
    "ScoredText",
    "Scorer",
    "TaggedText",
    "Text",
    "draw_texts",
    "input_vectors",
    "label_probabilities",
    "label_texts",
    "score_texts",
    "tag_texts",
]
