import numpy as np
import torch

from rnnpipe.embeddings.adagrad import RowAdagrad

STEPS = [([0, 2, 2], [[1.0, 2.0], [0.5, 0.0], [3.0, 1.0]]), ([2], [[1.0, -1.0]]), ([1, 0], [[0.0, 0.0], [2.0, 2.0]])]


def sparse(rows: list[int], values: list[list[float]]) -> torch.Tensor:
    return torch.sparse_coo_tensor([rows], torch.tensor(values, dtype=torch.float64), (4, 2), check_invariants=True)


def test_steps_are_the_formula() -> None:
    """Each time a row is named counts for the sum; the step divides by the root of the sum after the whole batch."""
    matrix = torch.nn.Parameter(torch.zeros(4, 2, dtype=torch.float64))
    optimizer = RowAdagrad([matrix], lr=0.1)
    expected, sums = np.zeros((4, 2)), np.zeros(4)
    for rows, values in STEPS:
        matrix.grad = sparse(rows, values)
        optimizer.step()
        for row, value in zip(rows, values, strict=True):
            sums[row] += np.mean(np.square(value))
        for row, value in zip(rows, values, strict=True):
            expected[row] -= 0.1 * np.array(value) / (np.sqrt(sums[row]) + 1e-10)
        np.testing.assert_allclose(matrix.detach(), expected, rtol=1e-12)
    assert not expected[[1, 3]].any(), "no gradient, no step"


def test_dense_and_sparse_gradients_give_the_same_steps() -> None:
    steps = [step for step in STEPS if len(set(step[0])) == len(step[0])]
    results = []
    for dense in (False, True):
        matrix = torch.nn.Parameter(torch.ones(4, 2, dtype=torch.float64))
        optimizer = RowAdagrad([matrix], lr=0.1)
        for rows, values in steps:
            gradient = sparse(rows, values)
            matrix.grad = gradient.to_dense() if dense else gradient
            optimizer.step()
        results.append(matrix.detach().numpy())
    np.testing.assert_allclose(*results, rtol=1e-12)


def test_one_column_is_adagrad_of_torch() -> None:
    """With one number a row, a sum a row is a sum a number."""
    ours, theirs = (torch.nn.Parameter(torch.ones(3, 1, dtype=torch.float64)) for _ in range(2))
    optimizers = RowAdagrad([ours], lr=0.3), torch.optim.Adagrad([theirs], lr=0.3)
    for step in range(4):
        for matrix, optimizer in zip((ours, theirs), optimizers, strict=True):
            matrix.grad = torch.tensor([[1.0], [0.5 * step], [-2.0]], dtype=torch.float64)
            optimizer.step()
    np.testing.assert_allclose(ours.detach(), theirs.detach(), rtol=1e-12)
