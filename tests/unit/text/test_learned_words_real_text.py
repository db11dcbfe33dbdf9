"""Words of newspaper text, found again where the spaces between them are gone."""

import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from rnnpipe.text.learned_words import LearnedCuts, LearnedTokenizer
from rnnpipe.text.tokenizer import BatchTokenizer, build_tokenizer
from rnnpipe.text.vocabulary import Vocabulary

JOINED_LEFT = {*".,;:?!)%", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "..."}
JOINED_RIGHT = {"(", "$"}
MIRROR = os.environ.get("RNNPIPE_MIRROR")


def sentences(name: str) -> list[list[str]]:
    with zipfile.ZipFile(Path(str(MIRROR)) / "conll2003.zip") as archive:
        blocks = archive.read(name).decode().split("\n\n")
    found = [[line.split(" ")[0] for line in block.splitlines()] for block in blocks]
    return [words for words in found if words and not words[0].startswith("-DOCSTART-")]


def written(words: list[str]) -> tuple[str, set[tuple[int, int]]]:
    """Return words as people write them, and where each stands."""
    text, spans, is_joined = "", set(), True
    for word in words:
        text += "" if is_joined or word in JOINED_LEFT else " "
        spans.add((len(text), len(text) + len(word)))
        text += word
        is_joined = word in JOINED_RIGHT
    return text, spans


@pytest.mark.real_text
@pytest.mark.skipif(not MIRROR, reason="RNNPIPE_MIRROR names no folder with conll2003.zip")
def test_words_of_conll2003_are_found_again() -> None:
    """`U.S.`, `1996-08-30` and `two-year` are words there, and so are `'s` and `n't`."""
    counts = Counter(word for words in sentences("eng.train") for word in words)
    learned = LearnedTokenizer(build_tokenizer(), LearnedCuts(Vocabulary.from_counts(counts)))
    shares = []
    for tokenizer in (learned, BatchTokenizer(build_tokenizer())):
        found = total = 0
        for words in sentences("eng.testb"):
            text, expected = written(words)
            _, spans, _ = tokenizer.tokenize([text])
            found += len(expected & set(map(tuple, spans.tolist())))
            total += len(expected)
        shares.append(100 * found / total)
    assert shares[0] > 99.5
    assert shares[1] < 95, "that of plain text"
