"""The lecture's table of features, told from the vectors (slide "Featurized representation")."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnpipe.embeddings.intrinsic.probe import held_out_predictions
from rnnpipe.embeddings.vectors import WordVectors

SHOWN = ("man", "woman", "boy", "girl", "king", "queen", "apple", "orange")
"""Words of the table."""
_NAMES = ("gender", "royalty", "age", "edible")
_GROUPS = (
    ((-1, 0, 1, 0), "man gentleman father husband uncle grandfather actor waiter"),
    ((1, 0, 1, 0), "woman lady mother wife aunt grandmother actress waitress"),
    ((-1, 0, -1, 0), "boy son nephew schoolboy"),
    ((1, 0, -1, 0), "girl daughter niece schoolgirl"),
    ((-1, 1, 1, 0), "king emperor duke"),
    ((1, 1, 1, 0), "queen empress duchess"),
    ((-1, 1, -1, 0), "prince"),
    ((1, 1, -1, 0), "princess"),
    ((0, 0, 0, 1), "apple orange banana lemon cherry bread cheese butter rice cake soup meat"),
    ((0, 0, 0, 0), "table chair lamp car house river street tree stone book window door"),
)
KNOWN: Mapping[str, Mapping[str, float]] = {
    name: {word: float(values[column]) for values, words in _GROUPS for word in words.split()}
    for column, name in enumerate(_NAMES)
}
"""Feature → word → value for real text: gender -1 male, 1 female; age -1 young, 1 grown; 0 where a feature does not apply. The
lecture's table with its values rounded to these, and more words by the same rule, for a fit needs words to learn from."""


def feature_table(vectors: WordVectors, known: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, float, float]]:
    """Predict the features of the lecture's words from their vectors.

    Parameters
    ----------
    vectors : WordVectors
    known : mapping of str to mapping of str to float
        Feature → word → value. The fit for a word takes all the others with a vector (see `held_out_predictions`).

    Returns
    -------
    list of (word, feature, known, predicted)
        Words in the order of the table, and of each its features; only what is known, of words with a vector.
    """
    told = []
    for feature, values in known.items():
        rows = {word: row for word in values if (row := vectors.find(word)) is not None}
        if len(rows) < 2:
            continue
        predicted = held_out_predictions(vectors.vectors[list(rows.values())], np.array([values[word] for word in rows]))
        told += [
            (word, feature, values[word], float(value)) for word, value in zip(rows, predicted, strict=True) if word in SHOWN
        ]
    return sorted(told, key=lambda cell: SHOWN.index(cell[0]))
