"""A trained model in use: stages, the command line and whoever serves it read its directory through here.

What a model was trained for is its own knowledge: batching, longest text and lower-casing come from its directory.
"""

from rnnpipe.inference.language_model import TrainedLanguageModel
from rnnpipe.inference.predictions import class_probabilities, predicted_tags, tags_with_probabilities
from rnnpipe.inference.trained_model import TrainedModel, open_model

__all__ = [
    "TrainedLanguageModel",
    "TrainedModel",
    "class_probabilities",
    "open_model",
    "predicted_tags",
    "tags_with_probabilities",
]
