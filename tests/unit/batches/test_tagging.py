"""Batches of sentences with what a tagger reads of words, and the plan of whole articles."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.batches.batch import IGNORED, share_of
from rnnpipe.batches.plans import article_plan
from rnnpipe.batches.tagging import TaggerBatches
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.spellings import Spellings
from rnnpipe.text.vocabulary import UNK, Vocabulary
from rnnpipe.text.word_forms import SHAPES

SENTENCES = [["Rome", "wins"], ["rome", "and", "Rome"], ["ROME"], ["In", "Rome"]]
ARTICLES = np.array([0, 0, 0, 1], dtype=np.int32)
VOCABULARY = Vocabulary.from_counts({"Rome": 3, "wins": 2, "rome": 1, "In": 1, "the": 1})


def split_of(sentences: list[list[str]]) -> EncodedSplit:
    words = [word for sentence in sentences for word in sentence]
    ids = VOCABULARY.encode(words)
    spelled = Spellings.of(word for word, number in zip(words, ids, strict=True) if number == UNK)
    odd = {"odd": (ids % 2).astype(np.uint16)}
    tags = np.zeros(len(words), dtype=np.uint8)
    return EncodedSplit(ids, np.cumsum([0, *map(len, sentences)]), None, tags, spelled, ARTICLES[: len(sentences)], odd)


def batches(**options: Any) -> TaggerBatches:
    chosen = {"folded": True, "in_articles": True, "columns": [], **options}
    return TaggerBatches.of(split_of(SENTENCES), VOCABULARY, **chosen)


def test_folded_words_are_read_as_one() -> None:
    rome, wins, first = (VOCABULARY.ids[word] for word in ("Rome", "wins", "In"))
    batch = batches()(np.arange(4))
    assert batch.ids.tolist() == [[rome, wins, 0], [rome, UNK, rome], [rome, 0, 0], [first, rome, 0]]
    assert batches(folded=False)(np.array([2])).ids.tolist() == [[UNK]]
    assert batch.targets.tolist() == [[0, 0, IGNORED], [0, 0, 0], [0, IGNORED, IGNORED], [0, 0, IGNORED]]


def test_each_different_word_of_a_batch_is_spelled_once() -> None:
    features = batches()(np.array([1, 2])).features
    assert features is not None
    spelled = [bytes((row[row > 0] - 1).tolist()).decode() for row in features.characters]
    assert sorted(spelled) == ["ROME", "Rome", "and", "rome"]
    read = [[spelled[number] for number in row] for row in features.words.tolist()]
    assert read[0] == SENTENCES[1]
    assert read[1][0] == "ROME"


def test_shapes_at_the_start_of_a_sentence_have_numbers_of_their_own() -> None:
    features = batches()(np.array([0, 3])).features
    assert features is not None
    capitalised, small = SHAPES.index("capitalised"), SHAPES.index("small")
    assert features.shapes.tolist() == [[capitalised + len(SHAPES), small], [capitalised + len(SHAPES), capitalised]]


def test_words_of_one_article_are_grouped_and_told_how_they_are_written_elsewhere() -> None:
    features = batches()(np.arange(4)).features
    assert features is not None
    groups, elsewhere = features.groups.tolist(), features.elsewhere.tolist()
    assert groups[0][0] == groups[1][0] == groups[1][2] == groups[2][0]
    assert groups[3][1] not in (groups[0][0], -1)
    assert [groups[0][2], groups[2][1], groups[2][2]] == [-1, -1, -1]
    small, capitalised, capitals = 1, 2, 4
    assert elsewhere[0][0] == small + capitalised + capitals
    assert elsewhere[1][0] == capitalised + capitals
    assert elsewhere[2][0] == small + capitalised
    assert elsewhere[0][1] == elsewhere[3][1] == elsewhere[0][2] == 0


def test_where_each_sentence_is_a_text_of_its_own_others_are_not_seen() -> None:
    features = batches(in_articles=False)(np.arange(4)).features
    assert features is not None
    groups = features.groups.tolist()
    assert groups[1][0] == groups[1][2]
    assert len({groups[0][0], groups[1][0], groups[2][0], groups[3][1]}) == 4
    assert features.elsewhere[1].tolist() == [2, 0, 1]


def test_columns_are_those_that_are_asked_for() -> None:
    features = batches(columns=["odd", "never"])(np.array([0])).features
    assert features is not None
    assert features.columns.tolist() == [[[VOCABULARY.ids["Rome"] % 2, 0], [VOCABULARY.ids["wins"] % 2, 0]]]
    without = batches()(np.array([0])).features
    assert without is not None
    assert without.columns.shape == (1, 0, 0)


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_an_article_stays_with_one_process(processes: int) -> None:
    whole = batches(columns=["odd"])(np.arange(4))
    shares = [share_of(whole, rank, processes) for rank in range(processes)]
    assert whole.features is not None
    rows = [share.features.articles.tolist() for share in shares if share.features and (share.targets != IGNORED).any()]
    assert sorted(sum(rows, [])) == ARTICLES.tolist()
    assert all(set(one).isdisjoint(other) for one in rows for other in rows if one is not other)
    assert {share.total for share in shares} == {whole.total}
    words = sum(int((share.targets != IGNORED).sum()) for share in shares)
    assert words == whole.total
    for share in shares:
        assert share.features is not None
        assert torch.equal(share.features.characters, whole.features.characters)
        assert len(share.features.words) == len(share.ids)


lengths_of_articles = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=9), min_size=1, max_size=30)


@given(lengths_of_articles, st.integers(1, 9), st.integers(0, 3))
def test_a_plan_keeps_articles_whole_and_has_always_as_many_batches(
    articles: list[list[int]], batch_size: int, epoch: int
) -> None:
    lengths = np.array([length for article in articles for length in article])
    numbers = np.repeat(np.arange(len(articles)), [len(article) for article in articles])
    plan = article_plan(numbers, lengths, batch_size, 1, epoch)
    assert sorted(np.concatenate(plan).tolist()) == list(range(len(lengths)))
    assert len({number for rows in plan for number in set(numbers[rows].tolist())}) == sum(
        len(set(numbers[rows].tolist())) for rows in plan
    )
    assert len(plan) == len(article_plan(numbers, lengths, batch_size, 1, epoch + 1))
    in_order = article_plan(numbers, lengths, batch_size)
    assert np.concatenate(in_order).tolist() == list(range(len(lengths)))


def test_a_plan_of_nothing_is_empty() -> None:
    assert article_plan(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64), 4) == []
