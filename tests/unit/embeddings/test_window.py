import numpy as np
import pytest
import torch

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.softmax import build_softmax
from rnnpipe.embeddings.window import WindowNetwork, train_window
from rnnpipe.params import WindowRun
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

TOKENS = [*RESERVED, "king", "queen", "apple", "pear", "rules", "ripens", "never", "now"]
VOCABULARY = Vocabulary(TOKENS, [0, 9, 0, *[100] * 6, 1, 200])
RUN = WindowRun(corpus="tiny", context="previous_1", dimension=8, epochs=4, batch_size=16, learning_rate=0.1)
CONTEXTS = ["previous_4", "previous_1", "around_4", "nearby_1"]
SOFTMAXES = ["full", "hierarchical", "negative"]


@pytest.fixture(scope="module")
def corpus(split_of):
    rng = np.random.default_rng(1)
    documents = [[word, verb, 1, 10] for word, verb in rng.choice([(3, 7), (4, 7), (5, 8), (6, 8)], 600).tolist()]
    return split_of(documents)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("softmax", SOFTMAXES)
def test_same_contexts_give_similar_vectors(corpus, context: str, softmax: str) -> None:
    run = RUN.model_copy(update={"context": context, "softmax": softmax, "window": 2})
    fit = train_window([corpus], VOCABULARY, run, seed=1)
    assert fit.vocabulary.tokens == [token for token in TOKENS if token != "never"], "our order, without words that do not occur"
    assert fit.vectors.shape == (10, 8)
    assert len(fit.losses) == 4
    assert fit.losses[-1] < 0.95 * fit.losses[0]
    unit = fit.vectors[3:7] / np.linalg.norm(fit.vectors[3:7], axis=1, keepdims=True)
    king_queen, king_apple = unit[0] @ unit[1], unit[0] @ unit[2]
    assert king_queen > king_apple + 0.3
    np.testing.assert_allclose(fit.vectors[1], fit.vectors[3:].mean(axis=0), atol=1e-6)
    assert not fit.vectors[0].any()


@pytest.mark.parametrize("softmax", SOFTMAXES)
def test_seed_decides_the_bytes(corpus, softmax: str) -> None:
    run = RUN.model_copy(update={"context": "nearby_1", "softmax": softmax, "epochs": 2})
    first, again, other = (train_window([corpus], VOCABULARY, run, seed) for seed in (1, 1, 2))
    assert first.vectors.tobytes() == again.vectors.tobytes()
    assert first.losses == again.losses
    assert first.vectors.tobytes() != other.vectors.tobytes()


def test_network_concatenates_the_rows_of_e() -> None:
    network = WindowNetwork(5, 3, build_softmax("full", np.ones(5, dtype=np.int64), 12), seed=1)
    with torch.no_grad():
        network.softmax.theta.weight.normal_(generator=torch.Generator().manual_seed(1))
    contexts, targets = torch.tensor([[0, 1, 5, 2], [3, 3, 4, 1]]), torch.tensor([4, 0])
    e, theta = network.embedding.weight.detach().numpy(), network.softmax.theta.weight.detach().numpy()
    assert e.shape == (6, 3)
    assert not e[0].any(), "padding"
    assert 0 < np.abs(e[1:]).max() <= 1 / 6
    for context, target, loss in zip(contexts.tolist(), targets.tolist(), network(contexts, targets).tolist(), strict=True):
        exponentials = np.exp(theta @ np.concatenate([e[word] for word in context]))
        assert loss == pytest.approx(-np.log(exponentials[target] / exponentials.sum()), rel=1e-5)


def test_padding_stays_zero_and_first_loss_is_that_of_guessing(corpus) -> None:
    run = RUN.model_copy(update={"context": "around_4", "softmax": "full", "learning_rate": 1e-9, "epochs": 1})
    assert train_window([corpus], VOCABULARY, run, seed=1).losses[0] == pytest.approx(np.log(7), rel=1e-4)
    network = WindowNetwork(3, 2, build_softmax("full", np.ones(3, dtype=np.int64), 4), seed=1)
    with torch.no_grad():
        network.softmax.theta.weight.fill_(1.0)
    network(torch.tensor([[0, 2]]), torch.tensor([1])).sum().backward()
    assert not network.embedding.weight.grad.to_dense()[0].any()


@pytest.mark.parametrize("documents", [[], [[1, 1]], [[3, 3, 3]]])
def test_a_corpus_of_one_word_is_refused(split_of, documents: list[list[int]]) -> None:
    with pytest.raises(RnnpipeError, match="a window network needs at least 2"):
        train_window([split_of(documents)], VOCABULARY, RUN, seed=1)


def test_documents_of_one_word_teach_nothing(split_of) -> None:
    with pytest.raises(RnnpipeError, match="no document has two words with a vector"):
        train_window([split_of([[3], [4, 1], [5]])], VOCABULARY, RUN, seed=1)


def test_ids_of_another_vocabulary_are_refused(split_of) -> None:
    with pytest.raises(RnnpipeError, match="id 40 in a vocabulary of 11"):
        train_window([split_of([[3, 40]])], VOCABULARY, RUN, seed=1)


def test_divergence_names_epoch_and_step(corpus) -> None:
    run = RUN.model_copy(update={"learning_rate": 3e38, "softmax": "full"})
    with pytest.raises(RnnpipeError, match=r"the loss is (nan|inf) in epoch 1, step \d+; lower window learning_rate"):
        train_window([corpus], VOCABULARY, run, seed=1)
