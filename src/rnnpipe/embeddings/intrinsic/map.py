"""Words as points of the plane, for the report's map (slide "Visualizing word embeddings")."""

import numpy as np
from numpy.typing import NDArray


def plane(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Project vectors (N, E) on their two principal components, shape (N, 2).

    The coordinate that is largest in size along each axis is positive, so that a map does not flip; with fewer than two
    components the rest is zero.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(vectors), 2))
    points[:, : len(lengths)] = (left * lengths)[:, :2]
    largest = np.abs(points).argmax(axis=0)
    signs: NDArray[np.float64] = np.where(points[largest, [0, 1]] < 0, -1.0, 1.0)
    return points * signs
