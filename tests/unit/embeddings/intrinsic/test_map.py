import numpy as np
import pytest

from rnnpipe.embeddings.intrinsic.map import plane


def test_distances_in_a_plane_are_kept() -> None:
    rng = np.random.default_rng(1)
    flat = rng.normal(size=(9, 2)) * [3, 1]
    basis = np.linalg.qr(rng.normal(size=(6, 2)))[0]
    points = plane((flat @ basis.T + 5).astype(np.float32))
    centred = flat - flat.mean(axis=0)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), np.linalg.norm(centred, axis=1), atol=1e-5)
    assert np.abs(points[:, 0]).sum() > np.abs(points[:, 1]).sum()


def test_mirrored_vectors_have_maps_of_fixed_signs() -> None:
    points = plane(np.random.default_rng(1).normal(size=(7, 4)).astype(np.float32))
    assert (points[np.abs(points).argmax(axis=0), [0, 1]] > 0).all()


@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (5, 1)])
def test_too_few_words_or_numbers(shape: tuple[int, int]) -> None:
    points = plane(np.random.default_rng(1).normal(size=shape).astype(np.float32))
    assert points.shape == (shape[0], 2)
    np.testing.assert_allclose(points[:, 1], 0, atol=1e-6)
