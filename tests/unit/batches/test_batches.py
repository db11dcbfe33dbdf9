from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.batches.batch import IGNORED, Batch, classification_batch, sentence_batch, share_of, slices, tagging_batch
from rnnpipe.batches.plans import POOL, batch_plan, sorted_plan
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS

some_lengths = st.lists(st.integers(0, 30), min_size=1, max_size=200).map(lambda lengths: np.array(lengths, dtype=np.int64))


def split_of(documents: list[list[int]], labels: list[int] | None = None) -> EncodedSplit:
    ids = np.array([number for document in documents for number in document], dtype=np.uint16)
    offsets = np.cumsum([0, *map(len, documents)])
    labelled = None if labels is None else np.array(labels, dtype=np.int16)
    return EncodedSplit(ids, offsets, labelled, (ids % 3).astype(np.uint8))


SPLIT = split_of([[5, 6, 7], [], [8]], labels=[1, 0, -1])
SPLIT_WITHOUT_TAGS = replace(SPLIT, tags=None)
ALL = np.arange(3)


@given(some_lengths, st.integers(1, 9), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["documents", "words"]))
def test_a_plan_holds_every_document_once_in_the_same_number_of_batches(
    lengths: np.ndarray, batch_size: int, seed: int, epoch: int, equal: Literal["documents", "words"]
) -> None:
    plan = batch_plan(lengths, batch_size, seed, epoch, equal)
    assert len(plan) == -(-len(lengths) // batch_size)
    assert sorted(np.concatenate(plan).tolist()) == list(range(len(lengths)))
    assert min(map(len, plan)) >= 1
    if equal == "documents":
        assert max(map(len, plan)) <= batch_size


def test_batches_of_equal_words_hold_fewer_long_documents() -> None:
    lengths = np.random.default_rng(0).integers(1, 60, 3000)
    words = [lengths[rows].sum() for rows in batch_plan(lengths, 32, 1, 0, equal="words")]
    assert np.ptp(words) <= 2 * lengths.max()


def test_a_plan_is_a_function_of_seed_and_epoch() -> None:
    lengths = np.arange(100) % 7

    def order(seed: int, epoch: int) -> list[int]:
        return np.concatenate(batch_plan(lengths, 8, seed, epoch)).tolist()

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)


def test_batches_hold_documents_of_similar_length() -> None:
    lengths = np.random.default_rng(0).integers(1, 400, 16 * POOL)
    spread = [np.ptp(lengths[rows]) for rows in batch_plan(lengths, 16, 1, 0)]
    assert np.median(spread) < 20


def test_the_sorted_plan_goes_from_short_to_long() -> None:
    plan = sorted_plan(np.array([5, 1, 3, 2, 4]), 2)
    assert [rows.tolist() for rows in plan] == [[1, 3], [2, 4], [0]]


def test_classification_reads_the_last_words_and_ignores_what_has_no_label() -> None:
    batch = classification_batch(SPLIT, ALL, max_length=2)
    assert batch.ids.tolist() == [[6, 7], [0, 0], [8, 0]]
    assert batch.lengths.tolist() == [2, 0, 1]
    assert batch.targets.tolist() == [1, 0, IGNORED]
    assert batch.total == 2


def test_slices_are_the_ends_of_documents() -> None:
    starts, lengths = slices(SPLIT, ALL, max_length=2)
    assert (starts.tolist(), lengths.tolist()) == ([1, 3, 3], [2, 0, 1])
    assert slices(SPLIT, ALL[[0]])[1].tolist() == [3]


def test_tagging_pads_words_and_tags() -> None:
    batch = tagging_batch(SPLIT, ALL[[2, 0]])
    assert batch.ids.tolist() == [[8, 0, 0], [5, 6, 7]]
    assert batch.targets.tolist() == [[2, IGNORED, IGNORED], [2, 0, 1]]
    assert batch.total == 4


def test_tagging_without_tags_has_nothing_to_predict() -> None:
    batch = tagging_batch(SPLIT_WITHOUT_TAGS, ALL[[0]])
    assert batch.ids.tolist() == [[5, 6, 7]]
    assert batch.targets.tolist() == [[IGNORED] * 3]
    assert batch.total == 0


def test_sentences_predict_each_word_and_the_end() -> None:
    batch = sentence_batch(SPLIT, ALL)
    assert batch.ids.tolist() == [[EOS, 5, 6, 7], [EOS, 0, 0, 0], [EOS, 8, 0, 0]]
    assert batch.lengths.tolist() == [4, 1, 2]
    assert batch.targets.tolist() == [[5, 6, 7, EOS], [EOS, *[IGNORED] * 3], [8, EOS, *[IGNORED] * 2]]
    assert batch.total == len(SPLIT.ids) + len(SPLIT)


@pytest.mark.parametrize("make", [classification_batch, tagging_batch, sentence_batch])
def test_a_batch_of_empty_documents_has_a_step(make) -> None:
    batch = make(SPLIT, ALL[[1]])
    assert batch.ids.shape[1] >= 1
    assert batch.ids.dtype == batch.lengths.dtype == batch.targets.dtype == torch.int64


@given(st.integers(1, 6), st.integers(1, 8))
def test_shares_are_the_whole_and_nothing_counts_twice(documents: int, processes: int) -> None:
    split = split_of([[3 + number] * (number + 1) for number in range(documents)])
    whole = tagging_batch(split, np.arange(documents))
    shares = [share_of(whole, rank, processes) for rank in range(processes)]
    assert all(isinstance(share, Batch) and len(share.ids) > 0 and share.total == whole.total for share in shares)
    assert sum(int((share.targets != IGNORED).sum()) for share in shares) == whole.total
