"""Trained models as MLflow serves them: texts in, one answer for each out, as `rnnpipe predict` and `rnnpipe score` give them.

MLflow reads a model's signature from the annotations of `predict`, and holds each request against it: what is no list of texts is
a 400 that says why.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mlflow.exceptions import MlflowException
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedModel, open_model
from rnnpipe.serving import LabelledText, ScoredText, TaggedText, label_texts, score_texts, tag_texts

A = TypeVar("A")

DIRECTORY = "model"
"""Name of the model directory among a served model's artifacts."""


class ServedModel(PythonModel):
    """A model directory, opened once."""

    def load_context(self, context: PythonModelContext) -> None:
        """Open the model directory; called by MLflow."""
        self._trained = open_model(Path(context.artifacts[DIRECTORY]))

    def answers(self, give: Callable[[TrainedModel, Sequence[str]], list[A]], texts: Sequence[str]) -> list[A]:
        """Return a function's answers; a text that it refuses is the request's fault and not the server's."""
        try:
            return give(self._trained, texts)
        except RnnpipeError as error:
            raise MlflowException.invalid_parameter_value(str(error)) from None


class ServedClassifier(ServedModel):
    """Labels texts."""

    def predict(self, context: Any, model_input: list[str]) -> list[LabelledText]:  # type: ignore[override]
        """Return each text's likeliest label."""
        return self.answers(label_texts, model_input)


class ServedTagger(ServedModel):
    """Finds the entities in texts."""

    def predict(self, context: Any, model_input: list[str]) -> list[TaggedText]:  # type: ignore[override]
        """Return the words of each text with their tags."""
        return self.answers(tag_texts, model_input)


class ServedLanguageModel(ServedModel):
    """Says how probable texts are."""

    def predict(self, context: Any, model_input: list[str]) -> list[ScoredText]:  # type: ignore[override]
        """Return the probability of each text."""
        return self.answers(score_texts, model_input)


SERVED: dict[str, Callable[[], ServedModel]] = {
    "language_model": ServedLanguageModel,
    "long_term": ServedLanguageModel,
    "ner": ServedTagger,
    "sentiment": ServedClassifier,
}
"""Task of a model → what serves it."""
