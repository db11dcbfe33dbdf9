from pathlib import Path
from typing import cast

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.intrinsic.questions import (
    grammar_questions,
    published_questions,
    questions_of,
    read_analogies,
    read_features,
    read_similarities,
)
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.meta import EncodedMeta
from rnnpipe.text.vocabulary import RESERVED, Vocabulary


def corpus_in(folder: Path) -> EncodedCorpus:
    """Return a corpus that may bring questions along."""
    meta = cast(EncodedMeta, {})
    return EncodedCorpus(folder, meta, Vocabulary(list(RESERVED), [0, 0, 0]))


def write_questions(folder: Path, features: str, similarity: str, analogies: str) -> EncodedCorpus:
    (folder / "questions").mkdir()
    for name, text in (("features.tsv", features), ("similarity.tsv", similarity), ("analogies.txt", analogies)):
        (folder / "questions" / name).write_text(text, encoding="utf-8")
    return corpus_in(folder)


def test_published_sets_are_whole() -> None:
    questions = published_questions()
    assert {name: len(pairs) for name, pairs in questions.similarity.items()} == {"wordsim353": 353, "simlex999": 999}
    assert len(questions.analogies) == 14
    assert sum(map(len, questions.analogies.values())) == 19544
    assert questions.similarity["wordsim353"][0] == ("love", "sex", 6.77)
    assert list(questions.features) == ["gender", "royalty", "age", "edible"]


def test_questions_of_a_grammar(tmp_path: Path) -> None:
    corpus = write_questions(
        tmp_path,
        features="word\tgender\troyalty\nman\t-1\t0\nqueen\t1\t1\n",
        similarity="word1\tword2\tscore\nman\tqueen\t2.5\n",
        analogies=": male-female\nman woman king queen\n\n: empty\n",
    )
    questions = grammar_questions(corpus)
    assert questions.features == {"gender": {"man": -1, "queen": 1}, "royalty": {"man": 0, "queen": 1}}
    assert questions.words == ["man", "queen"]
    assert questions.similarity == {"grammar": [("man", "queen", 2.5)]}
    assert questions.analogies == {"male-female": [("man", "woman", "king", "queen")], "empty": []}


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (read_similarities, "a\tb\t1\na\tb\n", "file:2: not two words and a number"),
        (read_analogies, "a b c d\n", "file:1: neither `: category`"),
        (read_analogies, ": x\na b c\n", "file:2: neither `: category`"),
        (read_features, "word\tgender\nman\tmale\n", "file: not a table of words and numbers"),
        (read_features, "word\tgender\tage\nman\t1\n", "file: not a table of words and numbers"),
        (read_features, "", "file: not a table of words and numbers"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, read, text: str, message: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(RnnpipeError, match=message):
        read(tmp_path / "file")


def test_a_corpus_without_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="features.tsv: no such file; `truth: grammar`"):
        grammar_questions(corpus_in(tmp_path))


def test_a_corpus_without_questions_of_its_own_is_asked_the_published_ones(tmp_path: Path) -> None:
    assert set(questions_of(corpus_in(tmp_path)).similarity) == {"wordsim353", "simlex999"}
    corpus = write_questions(tmp_path, "word\tsex\nking\t1\n", "king\tking\t1\n", ": sex\nking king king king\n")
    assert set(questions_of(corpus).similarity) == {"grammar"}
