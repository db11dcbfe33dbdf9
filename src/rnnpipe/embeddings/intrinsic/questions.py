"""What embeddings are asked: published test sets, or the questions that a grammar comes with."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.intrinsic.analogy import Question
from rnnpipe.embeddings.intrinsic.features import KNOWN
from rnnpipe.embeddings.intrinsic.similarity import ScoredPair
from rnnpipe.text.encoded import EncodedCorpus

PEOPLE = ("man", "woman", "boy", "girl", "king", "queen", "prince", "princess", "father", "mother")
OTHERS = ("dog", "cat", "fish", "apple", "orange", "grape", "one", "two", "three", "four")
LECTURE_WORDS = PEOPLE + OTHERS
"""Words on the lecture's slides of features, analogies and maps."""


@dataclass(frozen=True)
class Questions:
    """Everything that one evaluation asks."""

    similarity: Mapping[str, Sequence[ScoredPair]]
    """Test set → pairs."""
    analogies: Mapping[str, Sequence[Question]]
    """Category → questions."""
    words: Sequence[str]
    """Shown with their neighbours and on the map."""
    features: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Feature → word → value in [-1, 1]: those of a grammar, or of the lecture's table."""


def published_questions() -> Questions:
    """Return WordSim-353, SimLex-999 and Google's analogies, which gensim brings along as its own test data, and KNOWN features.

    Sources: Finkelstein et al. 2002; Hill et al. 2015; Mikolov et al. 2013.
    """
    data = _gensim_data()
    similarity = {
        "wordsim353": read_similarities(data / "wordsim353.tsv"),
        "simlex999": read_similarities(data / "simlex999.txt"),
    }
    return Questions(similarity, read_analogies(data / "questions-words.txt"), LECTURE_WORDS, KNOWN)


def grammar_questions(corpus: EncodedCorpus) -> Questions:
    """Return the questions that a corpus of a `feature` grammar brings along."""
    features = read_features(corpus.questions / "features.tsv")
    words = list(next(iter(features.values())))
    similarity = {"grammar": read_similarities(corpus.questions / "similarity.tsv")}
    return Questions(similarity, read_analogies(corpus.questions / "analogies.txt"), words, features)


def questions_of(corpus: EncodedCorpus) -> Questions:
    """Return the questions that a corpus brings along, else the published ones."""
    return grammar_questions(corpus) if corpus.questions.is_dir() else published_questions()


def read_similarities(path: Path) -> list[ScoredPair]:
    """Read lines `word<tab>word<tab>score`; comments begin with #, a first line without a number is a header."""
    pairs = []
    for number, line in _lines(path):
        fields = line.split("\t")
        try:
            first, second, score = fields[0], fields[1], float(fields[2])
        except (IndexError, ValueError):
            if number == 1:
                continue
            raise RnnpipeError(f"{path}:{number}: not two words and a number between tabs; mend the line") from None
        pairs.append((first, second, score))
    return pairs


def read_analogies(path: Path) -> dict[str, list[Question]]:
    """Read Google's format: a line `: category`, then four words a line."""
    questions: dict[str, list[Question]] = {}
    category: list[Question] | None = None
    for number, line in _lines(path):
        words = line.split()
        if words[0] == ":":
            category = questions.setdefault(" ".join(words[1:]), [])
        elif len(words) == 4 and category is not None:
            category.append((words[0], words[1], words[2], words[3]))
        else:
            raise RnnpipeError(f"{path}:{number}: neither `: category` nor four words below one; mend the line")
    return questions


def read_features(path: Path) -> dict[str, dict[str, float]]:
    """Read a table with the header `word`, feature, feature ...; return feature → word → value."""
    try:
        rows = list(csv.reader((line for _, line in _lines(path)), delimiter="\t"))
        header, body = rows[0], rows[1:]
        table = [(row[0], [float(value) for value in row[1:]]) for row in body]
        return {name: {word: values[column] for word, values in table} for column, name in enumerate(header[1:])}
    except (IndexError, ValueError, csv.Error) as error:
        raise RnnpipeError(f"{path}: not a table of words and numbers ({error}); run the stage that writes it again") from None


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines with their numbers, blank ones and comments apart."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; `truth: grammar` wants a corpus of a feature grammar") from None
    except OSError as error:
        raise RnnpipeError(f"{path}: {error.strerror}; a file of questions must stand there") from None
    except UnicodeDecodeError as error:
        raise RnnpipeError(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]


def _gensim_data() -> Path:
    spec = find_spec("gensim")
    if spec is None or spec.origin is None:
        raise RnnpipeError("gensim is not installed; its test data holds the published questions: run `make run` again")
    return Path(spec.origin).parent / "test" / "test_data"
