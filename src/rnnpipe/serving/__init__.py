"""Trained models that answer for texts: the command line and MLflow's server give the same answers, by the same functions."""

from rnnpipe.serving.answers import LabelledText, ScoredText, TaggedText, label_probabilities, label_texts, score_texts, tag_texts

__all__ = ["LabelledText", "ScoredText", "TaggedText", "label_probabilities", "label_texts", "score_texts", "tag_texts"]
