"""Letters, shapes and folding of words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.text.vocabulary import UNK, Vocabulary
from rnnpipe.text.word_forms import LONGEST, SHAPES, Lexicon, WordForms, fold, shape_of


def test_each_different_word_is_kept_once_in_the_order_of_its_first_place():
    forms = WordForms.of(["the", "The", "cat", "the"])
    assert forms.words == ["the", "The", "cat"]
    assert forms.codes.tolist() == [0, 1, 2, 0]
    assert WordForms.of([]).codes.shape == (0,)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST // 4), max_size=5))
def test_letters_are_bytes_each_plus_one(words):
    forms = WordForms.of(words)
    letters = forms.characters()
    assert [bytes((row[row > 0] - 1).tolist()).decode() for row in letters] == forms.words
    assert letters.shape == (len(forms.words), max((len(word.encode()) for word in forms.words), default=0))


def test_of_a_long_word_its_beginning_and_its_end_are_read():
    (letters,) = WordForms.of(["a" * 9_999 + "b"]).characters()
    assert bytes((letters - 1).tolist()) == b"a" * (LONGEST - 1) + b"b"


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("cat", "small"),
        ("semi-final", "small"),
        ("Ann", "capitalised"),
        ("Jean-paul", "capitalised"),
        ("UN", "capitals"),
        ("U", "one capital"),
        ("U.S.", "abbreviation"),
        ("J.", "abbreviation"),
        ("Ph.D.", "mixed"),
        ("McDonald", "mixed"),
        ("iPod", "mixed"),
        ("1996", "digits"),
        ("1,000.5", "number"),
        ("10-3", "number"),
        ("1st", "letters and digits"),
        ("...", "punctuation"),
        ("(", "punctuation"),
        ("Ärzte", "capitalised"),
        ("МОСКВА", "capitals"),
        ("東京", "other"),
        ("", "other"),
    ],
)
def test_shapes(word, shape):
    assert shape_of(word) == shape
    assert WordForms.of([word]).shapes().tolist() == [SHAPES.index(shape)]


@given(st.text())
def test_every_word_has_a_shape(word):
    assert shape_of(word) in SHAPES


def test_folded_words_have_one_number():
    assert WordForms.of(["The", "1995", "the", "cat", "2004"]).folded().tolist() == [0, 1, 0, 2, 1]
    assert fold("B2B") == "b0b"


def test_a_lexicon_reads_words_in_other_letters_as_the_most_frequent_of_them():
    vocabulary = Vocabulary.from_counts({"the": 9, "US": 4, "The": 3, "us": 2, "1995": 1, "1996": 1})
    lexicon = Lexicon(vocabulary)
    ids = vocabulary.ids
    found = lexicon.encode(["the", "THE", "us", "2000", "new", "<eos>"])
    assert found.tolist() == [ids["the"], ids["the"], ids["US"], ids["1995"], UNK, UNK]
    counts = lexicon.counts()
    assert counts.sum() == sum(vocabulary.counts)
    assert {word: counts[ids[word]] for word in ids if counts[ids[word]]} == {"the": 12, "US": 6, "1995": 2}
    assert counts.dtype == np.int64
