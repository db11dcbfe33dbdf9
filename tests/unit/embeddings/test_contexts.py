import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import contexts
from rnnpipe.embeddings.contexts import POSITIONS, epoch_examples, keep_shares, read_stream
from rnnpipe.params import WindowRun

WORDS = 8
documents = st.lists(st.lists(st.integers(0, WORDS - 1), max_size=14), min_size=1, max_size=6)


def run_of(context: str, **settings) -> WindowRun:
    return WindowRun(corpus="tiny", context=context, **settings)


def epoch_of(stream, run: WindowRun, seed: int = 1) -> list[tuple[tuple[int, ...], int]]:
    """Return (context, target) of an epoch, in order."""
    batches = [batch for _, batch in epoch_examples(stream, run, seed)]
    return [
        (tuple(context), target)
        for batch in batches
        for context, target in zip(batch.contexts.tolist(), batch.targets.tolist(), strict=True)
    ]


def known_words(texts: list[list[int]]) -> list[list[int]]:
    """Return the documents without reserved tokens, each word as its place from 1 among those that occur."""
    occurring = sorted({word for text in texts for word in text if word >= 3})
    return [[occurring.index(word) + 1 for word in text if word >= 3] for text in texts]


@pytest.mark.parametrize("context", sorted(POSITIONS))
@given(texts=documents, batch_size=st.integers(1, 9))
def test_contexts_are_those_of_a_plain_loop(split_of, context: str, texts: list[list[int]], batch_size: int) -> None:
    expected = []
    for text in known_words(texts):
        for target in range(len(text)):
            around = [target + position for position in POSITIONS[context]]
            words = tuple(text[position] if 0 <= position < len(text) else 0 for position in around)
            if any(words):
                expected.append((words, text[target] - 1))
    stream = read_stream([split_of(texts)], WORDS)
    found = epoch_of(stream, run_of(context, batch_size=batch_size))
    assert sorted(found) == sorted(expected)


@given(texts=documents, window=st.integers(1, 5))
def test_a_nearby_word_stands_within_the_window_and_the_document(split_of, texts: list[list[int]], window: int) -> None:
    stream = read_stream([split_of(texts)], WORDS)
    found = epoch_of(stream, run_of("nearby_1", window=window))
    possible, targets = set(), []
    for text in known_words(texts):
        for target, word in enumerate(text):
            near = [*text[max(0, target - window) : target], *text[target + 1 : target + 1 + window]]
            possible |= {((other,), word - 1) for other in near}
            targets += [word - 1] if near else []
    assert set(found) <= possible
    assert sorted(target for _, target in found) == sorted(targets), "every target that has a neighbour, once"


def test_nearby_words_are_equally_likely(split_of) -> None:
    stream = read_stream([split_of([[3, 4, 5, 6, 7]] * 6000)], WORDS)
    found = epoch_of(stream, run_of("nearby_1", window=3, batch_size=4096))
    drawn = np.bincount([context[0] for context, target in found if target == 1], minlength=6)
    assert drawn[[0, 2]].tolist() == [0, 0]
    np.testing.assert_allclose(drawn[[1, 3, 4, 5]] / 6000, 0.25, atol=0.025)


def test_chunks_join_without_loss_at_their_borders(split_of, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = read_stream([split_of([[3, 4, 5, 6, 7, 3, 5], [4, 3, 3, 6]])], WORDS)
    run = run_of("around_4", batch_size=3)
    whole = epoch_of(stream, run)
    monkeypatch.setattr(contexts, "CHUNK", 2)
    assert sorted(epoch_of(stream, run)) == sorted(whole)
    shares = [share for share, _ in epoch_examples(stream, run, 1)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < 1


def test_the_seed_decides_the_order(split_of) -> None:
    stream = read_stream([split_of([list(range(3, 8)) * 10])], WORDS)
    run = run_of("previous_1", batch_size=7)
    assert epoch_of(stream, run, seed=1) == epoch_of(stream, run, seed=1)
    assert epoch_of(stream, run, seed=1) != epoch_of(stream, run, seed=2)


def test_frequent_targets_are_thinned_out(split_of) -> None:
    texts = [[3, 3, 3, 3, 3, 3, 3, 3, 3, 4]] * 2000
    stream = read_stream([split_of(texts)], WORDS)
    share = np.sqrt(0.01 / 0.9) + 0.01 / 0.9
    np.testing.assert_allclose(keep_shares(stream.occurring, 0.01)[0], share)
    found = epoch_of(stream, run_of("previous_1", subsample=0.01, batch_size=1000))
    kept = sum(target == 0 for _, target in found) / 16_000
    assert kept == pytest.approx(share, abs=0.01)
    assert keep_shares(stream.occurring, 0.0).tolist() == [1, 1]


def test_splits_are_joined_and_borders_kept(split_of) -> None:
    stream = read_stream([split_of([[3, 1, 5], []]), split_of([[1], [7, 3]])], WORDS)
    assert stream.words.tolist() == [1, 2, 3, 1]
    assert stream.offsets.tolist() == [0, 2, 2, 2, 4]
    assert stream.occurring.tolist() == [2, 1, 1]


def test_an_id_outside_the_vocabulary_is_refused(split_of) -> None:
    with pytest.raises(RnnpipeError, match="id 9 in a vocabulary of 8; encode the corpus with its vocabulary"):
        read_stream([split_of([[3, 9]])], WORDS)
