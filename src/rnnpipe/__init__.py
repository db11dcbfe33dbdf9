"""rnnpipe: one reproducible pipeline from raw text to compared recurrent networks.

Trained models and word vectors from Python: `from rnnpipe import load_model, load_vectors`; all names stand in `rnnpipe.api`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnpipe.api import (
        Classifier,
        Entity,
        LabelledText,
        LanguageModel,
        RnnpipeError,
        ScoredText,
        TaggedText,
        Tagger,
        WordVectors,
        load_model,
        load_vectors,
    )

__all__ = [
    "Classifier",
    "Entity",
    "LabelledText",
    "LanguageModel",
    "RnnpipeError",
    "ScoredText",
    "TaggedText",
    "Tagger",
    "WordVectors",
    "load_model",
    "load_vectors",
]


def __getattr__(name: str) -> Any:
    """Load what is behind a name when it is first asked for: `import rnnpipe` alone stays fast."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("rnnpipe.api"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
