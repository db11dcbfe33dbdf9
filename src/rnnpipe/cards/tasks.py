"""What models of each task are for, in words, and how one is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Config = Mapping[str, Any]
"""What `config.json` holds."""


@dataclass(frozen=True)
class Purpose:
    """Of a task."""

    does: Callable[[Config], str]
    """What a model of it does, the end of a sentence that begins with "This model"."""
    use: str
    """What that is good for, and what is to be known first."""
    command: str
    """Of rnnpipe, that asks a model."""


def purpose_of(task: str) -> Purpose:
    """Return a task's purpose; one that is not named here has a plain one."""
    return PURPOSES.get(task, Purpose(lambda _: f"was trained for the task {task}", "What the task is for.", "predict"))


def listed(names: list[str]) -> str:
    """Return names as code, parted by commas."""
    return ", ".join("`" + name.replace("`", "'") + "`" for name in names)


def _entities(config: Config) -> list[str]:
    return sorted({tag.partition("-")[2] for tag in config["tags"]} - {""})


_PROBABILITIES = Purpose(
    lambda _: "says how probable a text is, word by word from left to right, and draws texts of its own",
    "To compare and to draw texts like those of its corpus. Perplexities compare only between models that were given the same "
    "words: the same tokenizer and the same vocabulary.",
    "score",
)

PURPOSES = {
    "language_model": _PROBABILITIES,
    "long_term": _PROBABILITIES,
    "ner": Purpose(
        lambda config: f"finds the entities in a text, a tag for each word: {listed(_entities(config))}",
        "To mark entities of these types in texts like those of its corpus. A predicted entity counts as right only if both ends "
        "and the type are.",
        "predict ner",
    ),
    "sentiment": Purpose(
        lambda config: f"gives a text one of {len(config['labels'])} labels: {listed(config['labels'])}",
        "To label texts like those of its corpus. Its probabilities are not calibrated: they tell which texts are in doubt, not "
        "how often it is right.",
        "predict sentiment",
    ),
}
