"""Texts cut as the file of a vocabulary was cut."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.text.learned_words import LearnedCuts, LearnedTokenizer
from rnnpipe.text.tokenizer import build_tokenizer
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

MESSAGES = {"@ann": 3, "@bob": 2, "#fun": 4, "don't": 2, "i": 9, ".": 7, "!": 5, "so": 3, "name": 2, "tag": 1, ":)": 2}
"""Words as in short messages: names and topics are one word, and so is `don't`."""
NEWS = {"do": 4, "n't": 6, "'s": 9, "'": 3, ".": 90, ",": 70, "U.S.": 8, "Mr.": 5, "3.5": 2, "(": 4, ")": 4, "-": 3, "Bonn": 2}
NEWS |= {"two-year": 2, "...": 3, "%": 4, "1,000": 2, "/": 2, "and": 5, "or": 2, "well": 2, "$": 2, "dogs": 1}
"""Words as in the Penn Treebank and CoNLL-2003: endings with an apostrophe are words of their own."""


def tokenizer(counts: dict[str, int], lowercase: bool = False) -> LearnedTokenizer:
    vocabulary = Vocabulary([*RESERVED, *counts], [0, 0, 0, *counts.values()])
    return LearnedTokenizer(build_tokenizer(lowercase=lowercase), LearnedCuts(vocabulary))


def words(counts: dict[str, int], text: str) -> list[str]:
    _, spans, _ = tokenizer(counts).tokenize([text])
    return [text[start:end] for start, end in spans.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ann so", "@ann so"),  # is a word
        ("@carl, #new!", "@carl, #new !"),  # marks joined to other words stay; one that the file never had, too
        ("so, @carl.", "so , @carl ."),  # but for what leaves a word
        ("i don't", "i don't"),
        ("i can't", "i can't"),  # as the tokenizer does
        ("so :) so:)", "so :) so :)"),
        ("so!!", "so ! !"),
    ],
)
def test_messages(text: str, expected: str) -> None:
    assert words(MESSAGES, text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the U.S., Mr. Kohl's", "the U.S. , Mr. Kohl 's"),
        ("don't", "do n't"),
        ("dogs' (Bonn)", "dogs ' ( Bonn )"),
        ("4.7% a ten-year", "4.7 % a ten-year"),
        ("and/or well...", "and / or well ..."),
        ("so,Then 2,500", "so , Then 2,500"),  # 1,000 says nothing about words
        ("$5", "$ 5"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_news(text: str, expected: str) -> None:
    assert words(NEWS, text) == expected.split()


def test_small_letters_are_looked_up_and_the_text_keeps_its_own() -> None:
    cutter = tokenizer({"@ann": 3, "u.s.": 2, ".": 9, "so": 1}, lowercase=True)
    tokens, spans, lengths = cutter.tokenize(["So @Ann.", "U.S.", "İ."])
    assert tokens[:4] == ["so", "@ann", ".", "u.s."]
    assert spans.tolist()[:3] == [[0, 2], [3, 7], [7, 8]]
    assert lengths.tolist() == [3, 1, 2]


def test_no_texts_and_texts_without_words() -> None:
    tokens, spans, lengths = tokenizer(NEWS).tokenize(["", " \t"])
    assert (tokens, spans.shape, lengths.tolist()) == ([], (0, 2), [0, 0])
    assert tokenizer(NEWS).tokenize([])[2].tolist() == []
    assert words({}, "(a)") == ["(a)"]


def test_a_long_run_of_marks_takes_no_long_time() -> None:
    start = time.process_time()
    assert len(words(NEWS, "(" * 20_000 + "x" * 20_000 + "." * 20_000)) > 20_000
    assert time.process_time() - start < 5


@settings(max_examples=int(os.environ.get("RNNPIPE_EXAMPLES", "100")), deadline=None)
@given(text=st.text(alphabet="ab3 .,'’@#-_()é\u00a0\u0301İ", max_size=30), lowercase=st.booleans())
def test_words_cover_all_but_the_white_space_in_their_order(text: str, lowercase: bool) -> None:
    for counts in (MESSAGES, NEWS, {}):
        _, spans, (length,) = tokenizer(counts, lowercase).tokenize([text])
        assert len(spans) == length
        places = [place for start, end in spans.tolist() for place in range(start, end)]
        assert places == [place for place, character in enumerate(text) if not character.isspace()]
        assert all(end > start for start, end in spans.tolist())
