"""What a number is called in MLflow: the split that it is of, or its kind, then the quantity with its unit."""

import re
from collections.abc import Mapping
from typing import Any

UNITS = {
    "loss": "nats",
    **dict.fromkeys(("accuracy", "macro_f1", "f1", "precision", "recall", "oov_rate", "coverage", "covered"), "percent"),
    **dict.fromkeys(("accepted", "correct", "share", "standard_error"), "percent"),
}
"""Of a quantity, wherever it stands; what is not here has none (perplexity) or names it (tokens_per_second)."""

IN_PERCENT = ("agreement", "analogies", "probe")
"""Kinds of scores that are all shares."""

OF_THE_CORPUS = ("truth", "perplexity.floor", "length.corpus", "probe.majority")
"""What metrics.json says of the text and not of the run: no metric, whatever its type."""


def curve_name(column: str, method: str = "") -> str:
    """Return the name of a column of history.csv: `validation_loss` → `validation/loss_nats`.

    Parameters
    ----------
    column : str
        A column without a split is of the training split. A `method` (`skip_gram`, `glove`) tells losses apart that do not
        compare; they have no common unit.
    """
    split, _, quantity = column.partition("_")
    if split not in ("train", "validation", "test") or not quantity:
        split, quantity = "train", column
    return allowed_name(f"{split}/{method}_{quantity}" if method else f"{split}/{_with_unit(split, quantity)}")


def score_name(key: str) -> str:
    """Return the name of a dotted key of metrics.json: `accuracy.test` → `test/accuracy_percent`.

    A score of the validation split is that of the kept weights, `best/validation_accuracy_percent`. A perplexity of no split is
    the test split's (`test/perplexity_per_character`); a key that is of no split begins with its kind
    (`analogies/three_cos_mul_percent`), one of a single part with `report`.
    """
    *front, last = key.split(".")
    if front and last in ("train", "validation"):
        kind, rest = "best", [last, *front]
    elif front and last.startswith("test"):
        kind, rest = last, front
    elif front and front[0] == "perplexity":
        kind, rest = "test", [*front, last]
    else:
        kind, *rest = [*front, last] if front else ["report", last]
    return allowed_name(f"{kind}/{_with_unit(kind, '_'.join(rest))}")


def is_metric(key: str, value: object) -> bool:
    """Tell whether an entry of metrics.json is a score of the run; counts and what describes the corpus are not."""
    return type(value) is float and not any(key == name or key.startswith(f"{name}.") for name in OF_THE_CORPUS)


def scores_of(numbers: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores among the entries of metrics.json, dotted key → value, under their names in MLflow."""
    return {score_name(key): value for key, value in numbers.items() if is_metric(key, value)}


def best_name(column: str) -> str:
    """Return the name of a column of history.csv in the epoch whose weights were kept: `best/validation_loss_nats`."""
    return "best/" + curve_name(column).replace("/", "_")


def allowed_name(name: str) -> str:
    """Replace what MLflow allows in no key; labels of the user's own text are part of keys."""
    return re.sub(r"[^\w./ :-]", "_", name)


def _with_unit(kind: str, quantity: str) -> str:
    unit = "percent" if kind in IN_PERCENT else next((unit for name, unit in UNITS.items() if _ends(quantity, name)), "")
    return f"{quantity}_{unit}" if unit else quantity


def _ends(quantity: str, name: str) -> bool:
    return quantity == name or quantity.endswith(f"_{name}")
