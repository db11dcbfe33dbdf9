import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.cooccurrence import ENTRY, Cooccurrence
from rnnpipe.embeddings.glove import BLOCKS, GloVeFit, Side, arrange, fit_glove, train_epoch, word_vectors
from rnnpipe.params import GloVeRun
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

WORDS = 200
RUN = GloVeRun(corpus="tiny", dimension=9, epochs=1, x_max=4.0)


def tiny_counts(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    cells = rng.choice(WORDS * WORDS, 3000, replace=False)
    counts = np.zeros(3000, dtype=ENTRY)
    counts["i"], counts["j"] = np.divmod(np.sort(cells), WORDS)
    counts["x"] = rng.exponential(4.0, 3000) + 0.1
    return counts


def numpy_epoch(counts: np.ndarray, run: GloVeRun, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Run the first epoch by the formulas, entry by entry in float64; diagonals of blocks in the order that the seed gives."""
    rng = np.random.default_rng(seed)
    e, b, e_sums, b_sums = Side.initial(rng, WORDS, run.dimension, np.float64)
    w, c, w_sums, c_sums = Side.initial(rng, WORDS, run.dimension, np.float64)
    diagonals = rng.permutation(BLOCKS).tolist()
    place = [(diagonals.index((j - i) % BLOCKS), i % BLOCKS, number) for number, (i, j, _) in enumerate(counts.tolist())]
    loss = 0.0
    for number in np.array(sorted(place))[:, 2]:
        i, j, x = counts[number]
        weight = min(1.0, (float(x) / run.x_max) ** run.alpha)
        error = e[i] @ w[j] + b[i] + c[j] - np.log(float(x))
        loss += 0.5 * weight * error**2
        step = run.learning_rate * weight * error
        e_step, w_step = step * w[j], step * e[i]
        e[i] -= e_step / np.sqrt(e_sums[i])
        w[j] -= w_step / np.sqrt(w_sums[j])
        b[i] -= step / np.sqrt(b_sums[i])
        c[j] -= step / np.sqrt(c_sums[j])
        e_sums[i] += e_step**2
        w_sums[j] += w_step**2
        b_sums[i] += step**2
        c_sums[j] += step**2
    return e, w, loss / len(counts)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_an_epoch_equals_the_formulas(dtype: DTypeLike, tolerance: float) -> None:
    counts = tiny_counts()
    fit = fit_glove(counts, WORDS, RUN, seed=3, dtype=dtype)
    e, w, loss = numpy_epoch(counts, RUN, seed=3)
    assert fit.losses[0] == pytest.approx(loss, rel=tolerance)
    np.testing.assert_allclose(fit.word, e, atol=tolerance)
    np.testing.assert_allclose(fit.context, w, atol=tolerance)


def test_gradients_equal_autograd() -> None:
    counts = np.array([(4, 7, 2.5)], dtype=ENTRY)
    rng = np.random.default_rng(1)
    before = Side.initial(rng, 10, 6, np.float64), Side.initial(rng, 10, 6, np.float64)
    after = tuple(Side(*(part.copy() for part in side)) for side in before)
    loss = train_epoch(arrange(counts, 10.0, 0.75, np.float64), np.arange(BLOCKS), *after, 1.0)

    tensors = [torch.tensor(part, requires_grad=True) for side in before for part in side[:2]]
    e, b, w, c = tensors
    expected = 0.5 * (2.5 / 10) ** 0.75 * (e[4] @ w[7] + b[4] + c[7] - torch.log(torch.tensor(2.5).double())) ** 2
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for tensor, moved in zip(tensors, [part for side in after for part in side[:2]], strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(tensor.detach().numpy() - moved, tensor.grad.numpy(), atol=1e-12)


def test_seed_decides_the_bytes() -> None:
    first, again, other = (fit_glove(tiny_counts(), WORDS, RUN, seed) for seed in (1, 1, 2))
    assert first.word.tobytes() == again.word.tobytes()
    assert first.losses == again.losses
    assert first.word.tobytes() != other.word.tobytes()
    assert first.word.dtype == np.float32


def test_loss_falls() -> None:
    losses = fit_glove(tiny_counts(), WORDS, RUN.model_copy(update={"epochs": 20}), seed=1).losses
    assert len(losses) == 20
    assert losses[-1] < 0.5 * losses[0]


def test_a_loss_that_is_no_number_stops_with_its_epoch() -> None:
    counts = tiny_counts()
    counts["x"][5] = np.nan
    with pytest.raises(RnnpipeError, match="the loss is nan in epoch 1; lower glove learning_rate"):
        fit_glove(counts, WORDS, RUN, seed=1)


def test_vectors_are_the_mean_of_both_roles() -> None:
    counts = np.array([(3, 5, 1.0), (5, 3, 1.0)], dtype=ENTRY)
    fit = GloVeFit(np.arange(12.0).reshape(6, 2), np.ones((6, 2)), [])
    source = Cooccurrence(counts, Vocabulary([*RESERVED, "a", "lonely", "b"], [0, 0, 0, 2, 2, 1]))
    vocabulary, vectors, parts = word_vectors(fit, source)
    assert vocabulary.tokens == [*RESERVED, "a", "b"]
    np.testing.assert_array_equal(vectors[3:], [[3.5, 4.0], [5.5, 6.0]])
    np.testing.assert_array_equal(parts["word"][3:], [[6, 7], [10, 11]])
    np.testing.assert_array_equal(parts["context"][3:], np.ones((2, 2)))
