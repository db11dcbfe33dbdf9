import logging
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.counting.cooccurrence import ENTRY
from rnnpipe.embeddings.glove import fit as glove
from rnnpipe.embeddings.glove.entries import Classes
from rnnpipe.embeddings.glove.fit import GloVeFit, fit_glove, word_vectors
from rnnpipe.params import GloVeRun
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

WORDS = 200
ENTRIES = 3000
RUN = GloVeRun(corpus="tiny", dimension=9, epochs=1, x_max=4.0)
THREE_EPOCHS = RUN.model_copy(update={"epochs": 3})


def tiny_counts(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    cells = rng.choice(WORDS * WORDS, ENTRIES, replace=False)
    counts = np.zeros(ENTRIES, dtype=ENTRY)
    counts["i"], counts["j"] = np.divmod(np.sort(cells), WORDS)
    counts["x"] = rng.exponential(4.0, ENTRIES) + 0.1
    return counts


def fit(counts: np.ndarray, run: GloVeRun = RUN, seed: int = 1, words: int = WORDS, **more) -> GloVeFit:
    """Fit counts that come in two shards."""
    return fit_glove(lambda: np.array_split(counts, 2), words, run, seed, **more)


def first_parameters(words: int, dimension: int, seed: int) -> list[np.ndarray]:
    """Return e, b, w and c as they are drawn."""
    rng = np.random.default_rng(derive_seed(seed, "initial"))
    drawn = [(rng.random((words, dimension + 1)) - 0.5) / dimension for _ in range(2)]
    return [part for side in drawn for part in (side[:, :-1].copy(), side[:, -1].copy())]


def numpy_epoch(counts: np.ndarray, run: GloVeRun, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Run the first epoch by the formulas, entry by entry in float64; diagonals of blocks in the order that the seed gives."""
    e, b, w, c = first_parameters(WORDS, run.dimension, seed)
    e_sums, b_sums, w_sums, c_sums = (np.ones_like(part) for part in (e, b, w, c))
    classes = Classes(WORDS).number
    order = np.random.default_rng(derive_seed(seed, "order", 1)).permutation(classes).tolist()
    place = [(order.index((j - i) % classes), i % classes, number) for number, (i, j, _) in enumerate(counts.tolist())]
    loss = 0.0
    for number in np.array(sorted(place))[:, 2]:
        i, j, x = counts[number]
        weight = min(1.0, (float(x) / run.x_max) ** run.alpha)
        error = e[i] @ w[j] + b[i] + c[j] - np.log(float(x))
        loss += 0.5 * weight * error**2
        slope = weight * error
        step = run.learning_rate * slope
        e_step, w_step = step * w[j], step * e[i]
        e[i] -= e_step / np.sqrt(e_sums[i])
        w[j] -= w_step / np.sqrt(w_sums[j])
        b[i] -= slope / np.sqrt(b_sums[i])
        c[j] -= slope / np.sqrt(c_sums[j])
        e_sums[i] += e_step**2
        w_sums[j] += w_step**2
        b_sums[i] += slope**2
        c_sums[j] += slope**2
    return e, w, loss / len(counts)


@pytest.mark.parametrize("alpha", [0.75, 0.0])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_an_epoch_equals_the_formulas(dtype: DTypeLike, tolerance: float, alpha: float) -> None:
    run = RUN.model_copy(update={"alpha": alpha})
    found = fit(tiny_counts(), run, seed=3, dtype=dtype)
    e, w, loss = numpy_epoch(tiny_counts(), run, seed=3)
    assert found.losses[0] == pytest.approx(loss, rel=tolerance)
    np.testing.assert_allclose(found.word, e, atol=tolerance)
    np.testing.assert_allclose(found.context, w, atol=tolerance)


@pytest.mark.parametrize(("alpha", "weight"), [(0.75, 0.25**0.75), (0.0, 1.0)])
def test_gradients_equal_autograd(alpha: float, weight: float) -> None:
    counts = np.array([(4, 7, 2.5)], dtype=ENTRY)
    run = GloVeRun(corpus="tiny", dimension=6, epochs=1, learning_rate=1.0, alpha=alpha)
    found = fit(counts, run, words=10, dtype=np.float64)  # one step of AdaGrad from sums of 1: the gradient itself
    e, b, w, c = (torch.tensor(part, requires_grad=True) for part in first_parameters(10, 6, seed=1))
    expected = 0.5 * weight * (e[4] @ w[7] + b[4] + c[7] - torch.log(torch.tensor(2.5, dtype=torch.float64))) ** 2
    expected.backward()
    assert found.losses == [pytest.approx(expected.item(), rel=1e-12)]
    for before, after in ((e, found.word), (w, found.context)):
        assert before.grad is not None
        np.testing.assert_allclose(before.detach().numpy() - after, before.grad.numpy(), atol=1e-12)


def test_bias_gradients_equal_autograd_at_rate_1() -> None:
    counts = np.array([(4, 7, 2.5)], dtype=ENTRY)
    run = GloVeRun(corpus="tiny", dimension=6, epochs=2, learning_rate=1e-9)
    found = fit(counts, run, words=10, dtype=np.float64)  # the second loss shows what the first step did to the biases
    e, b, w, c = (torch.tensor(part, requires_grad=True) for part in first_parameters(10, 6, seed=1))
    losses = []
    for _ in range(2):
        loss = 0.5 * 0.25**0.75 * (e[4] @ w[7] + b[4] + c[7] - np.log(2.5)) ** 2
        gradients = torch.autograd.grad(loss, (b, c))
        losses.append(loss.item())
        b, c = ((part - gradient).detach().requires_grad_() for part, gradient in zip((b, c), gradients, strict=True))
    assert found.losses == pytest.approx(losses, rel=1e-7)


def test_the_same_bytes_at_any_number_of_threads_and_other_bytes_of_another_seed(monkeypatch) -> None:
    monkeypatch.setattr(glove, "ENTRIES_OF_A_TASK", 1)
    train_blocks, workers = glove.train_blocks, set()

    def spy(*arguments):
        workers.add(threading.get_ident())
        train_blocks(*arguments)

    monkeypatch.setattr(glove, "train_blocks", spy)
    fits = [fit(tiny_counts(), THREE_EPOCHS, threads=threads) for threads in (1, 2, 3, 4)]
    for other in fits[1:]:
        assert other.word.tobytes() == fits[0].word.tobytes()
        assert other.context.tobytes() == fits[0].context.tobytes()
        assert other.losses == fits[0].losses
    assert len(workers) > 1, "worker threads beside this one"
    assert fits[0].word.dtype == np.float32
    assert fit(tiny_counts(), THREE_EPOCHS, seed=2).word.tobytes() != fits[0].word.tobytes()


class KilledError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("done", [1, 2, 3])
def test_a_killed_training_goes_on_and_ends_in_the_same_bytes(tmp_path: Path, monkeypatch, done: int) -> None:
    straight = fit(tiny_counts(), THREE_EPOCHS)
    checkpoint = tmp_path / "checkpoints" / "x.safetensors"
    train_epoch, epochs = glove._train_epoch, []

    def train_until(*arguments):
        epochs.append(arguments[4])
        if len(epochs) == done + 1:
            raise KilledError
        return train_epoch(*arguments)

    monkeypatch.setattr(glove, "_train_epoch", train_until)
    if done < 3:
        with pytest.raises(KilledError):
            fit(tiny_counts(), THREE_EPOCHS, checkpoint=checkpoint)
    else:
        fit(tiny_counts(), THREE_EPOCHS, checkpoint=checkpoint)
    resumed = fit(tiny_counts(), THREE_EPOCHS, checkpoint=checkpoint)
    assert epochs == [1, 2, 3][: done + 1] + [1, 2, 3][done:]
    assert resumed.losses == straight.losses
    assert resumed.word.tobytes() == straight.word.tobytes()
    assert resumed.context.tobytes() == straight.context.tobytes()


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    checkpoint = tmp_path / "x.safetensors"
    fit(tiny_counts(), checkpoint=checkpoint)
    with pytest.raises(RnnpipeError, match="x.safetensors: damaged, or of another run .*; remove it"):
        fit(tiny_counts(), RUN.model_copy(update={"dimension": 33}), checkpoint=checkpoint)
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    with pytest.raises(RnnpipeError, match="x.safetensors: damaged"):
        fit(tiny_counts(), checkpoint=checkpoint)


def test_loss_falls_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    losses = fit(tiny_counts(), RUN.model_copy(update={"epochs": 20})).losses
    assert len(losses) == 20
    assert losses[-1] < 0.5 * losses[0]
    assert caplog.messages[19] == f"epoch 20 of 20: loss {losses[-1]:.6f}"


def test_a_loss_that_is_no_number_stops_with_epoch_and_step() -> None:
    counts = tiny_counts()
    classes = Classes(WORDS).number
    order = np.random.default_rng(derive_seed(1, "order", 1)).permutation(classes)
    diagonals = (counts["j"] - counts["i"]) % classes
    counts["x"][np.flatnonzero(diagonals == order[2])[0]] = np.nan
    seen = int(np.isin(diagonals, order[:3]).sum())
    message = f"the loss is nan in epoch 1, step 3 of {classes}, {seen} of {ENTRIES} non-zeros seen; lower glove learning_rate"
    with pytest.raises(RnnpipeError, match=message):
        fit(counts)


def test_too_high_a_learning_rate_stops() -> None:
    with pytest.raises(RnnpipeError, match=r"the loss is (nan|inf) in epoch \d+, step \d+ of .* learning_rate \(1e\+30\)"):
        fit(tiny_counts(), THREE_EPOCHS.model_copy(update={"learning_rate": 1e30}))


@pytest.mark.parametrize(("counts", "message"), [([], "no counts to learn from"), ([(0, 9, 1.0)], "beyond the vocabulary's 9")])
def test_counts_that_do_not_fit_are_refused(counts: list[tuple[int, int, float]], message: str) -> None:
    with pytest.raises(RnnpipeError, match=message):
        fit(np.array(counts, dtype=ENTRY), words=9)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("mean", [[3.5, 4.0], [5.5, 6.0]]),
        ("word", [[6, 7], [10, 11]]),
        ("context", [[1, 1], [1, 1]]),
        ("concat", [[6, 7, 1, 1], [10, 11, 1, 1]]),
    ],
)
def test_final_vectors(choice: str, expected: list[list[float]]) -> None:
    seen = np.array([False, False, False, True, False, True])
    made = GloVeFit(np.arange(12.0).reshape(6, 2), np.ones((6, 2)), [], seen)
    source = Vocabulary([*RESERVED, "a", "lonely", "b"], [0, 0, 0, 2, 2, 1])
    vocabulary, vectors, parts = word_vectors(made, source, RUN.model_copy(update={"vectors": choice}))
    assert vocabulary.tokens == [*RESERVED, "a", "b"]
    np.testing.assert_array_equal(vectors[3:], expected)
    np.testing.assert_array_equal(parts["word"][3:], [[6, 7], [10, 11]])
    np.testing.assert_array_equal(parts["context"][3:], np.ones((2, 2)))


def test_words_without_counts_are_told() -> None:
    counts = np.array([(0, 2, 1.0)], dtype=ENTRY)
    assert fit(counts, words=4).seen.tolist() == [True, False, True, False]


def test_the_example_in_the_docstring() -> None:
    import doctest

    results = doctest.testmod(glove)
    assert results.attempted > 0
    assert results.failed == 0
