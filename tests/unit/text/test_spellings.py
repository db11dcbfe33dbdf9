"""Words outside the vocabulary keep their spelling, and characters are counted by it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import small_corpus

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text import spellings as spellings_module
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.extent import characters_of
from rnnpipe.text.spellings import Spellings, SpellingsWriter
from rnnpipe.text.vocabulary import RESERVED, UNK

TOKENS = [*RESERVED, "ab", "c"]
WORDS = st.text(st.sampled_from("aé中\U0001f600"), min_size=1, max_size=4)


@given(words=st.lists(WORDS), piece=st.integers(1, 5), block=st.integers(1, 4))
def test_spellings_are_read_back(tmp_path_factory: pytest.TempPathFactory, words: list[str], piece: int, block: int) -> None:
    path = tmp_path_factory.mktemp("spellings") / "train"
    with SpellingsWriter(path) as writer:
        for first in range(0, len(words), piece):
            strings = sorted(set(words[first : first + piece]))
            writer.append(strings, np.array([strings.index(word) for word in words[first : first + piece]], dtype=np.int64))
    assert writer.size == {"occurrences": len(words), "distinct": len(set(words))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spellings_module, "BLOCK", block)
        for spelled in (Spellings.open(path, writer.size), Spellings.of(words)):
            assert list(spelled) == words
            assert [spelled[number] for number in range(len(spelled))] == words
            assert spelled.characters == sum(map(len, words))


def test_words_of_documents_in_memory() -> None:
    ids = np.array([3, UNK, UNK, 4, UNK], dtype=np.uint16)
    split = EncodedSplit(ids, np.array([0, 2, 2, 5]), spellings=Spellings.of(["new", "york", "new"]))
    documents = [["ab", "new"], [], ["york", "c", "new"]]
    assert [split.words(index, TOKENS) for index in range(3)] == list(split.all_words(TOKENS)) == documents
    unspelled = EncodedSplit(ids, split.offsets)
    assert [unspelled.words(index, TOKENS) for index in range(3)] == list(unspelled.all_words(TOKENS))
    assert unspelled.words(0, TOKENS) == ["ab", "<unk>"]


@pytest.mark.parametrize(
    ("documents", "joined_by", "characters"),
    [
        (["ab"], " ", 3),  # one word and its end
        (["a", "b"], "", 3),  # the same text, its words the letters
        (["ab", "a"], " ", 5),
        ([], " ", 1),  # a blank line has an end
    ],
)
def test_characters_are_letters_gaps_and_the_end(documents: list[str], joined_by: str, characters: int) -> None:
    ids, offsets = np.full(len(documents), UNK, dtype=np.uint16), np.array([0, len(documents)])
    split = EncodedSplit(ids, offsets, spellings=Spellings.of(documents))
    assert characters_of(split, TOKENS, joined_by) == characters


def test_known_words_count_by_the_vocabulary() -> None:
    split = EncodedSplit(np.array([3, 4, 3], dtype=np.uint16), np.array([0, 2, 3]))
    assert characters_of(split, TOKENS, " ") == len("ab c\n") + len("ab\n")


def test_a_corpus_spells_and_counts(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, unknown=["naïve", "x", "naïve"])
    split = corpus.split("test")
    words = list(corpus.words("test"))
    assert [len(document) for document in words] == split.lengths.tolist()
    assert [word for document in words for word in document][:4] == [
        "naïve",
        "x",
        "naïve",
        corpus.vocabulary.tokens[split.ids[3]],
    ]
    assert split.words(1, corpus.vocabulary.tokens) == words[1]
    assert corpus.characters("test") == sum(len(" ".join(document)) + 1 for document in words)


def test_damage_is_told(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, unknown=["a", "b"])
    (tmp_path / "test.spellings.npy").unlink()
    with pytest.raises(RnnpipeError, match=r"test\.spellings\.npy: missing or damaged .* run the stage encode again"):
        corpus.split("test")
