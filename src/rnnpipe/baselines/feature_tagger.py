"""Taggers without a network: the most frequent tag of each word, and a conditional random field on features that people chose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pycrfsuite
from numpy.typing import NDArray

from rnnpipe.params import FeatureTaggerRun
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.word_forms import fold, shape_of

AROUND = (-2, -1, 0, 1, 2)
"""Places whose words are looked at, from the word that is tagged."""
ENDINGS = (1, 2, 3, 4)
"""Letters of a word's beginnings and ends that are looked at."""

Predict = Callable[[EncodedSplit], NDArray[np.uint8]]
"""Split → id of the predicted tag of each word, shape (N,)."""


def fit_tagger(settings: FeatureTaggerRun, corpus: EncodedCorpus) -> tuple[Predict, int]:
    """Fit a tagger on the train split of a corpus.

    Parameters
    ----------
    settings : FeatureTaggerRun
    corpus : EncodedCorpus
        Of tagged sentences.

    Returns
    -------
    tuple
        The tagger, and how many weights it has (words, if it counts).
    """
    return _crf(settings, corpus) if settings.kind == "crf" else _most_frequent(corpus)


def _most_frequent(corpus: EncodedCorpus) -> tuple[Predict, int]:
    """Give each word the tag that it has most often, the first of the tags where several are as frequent; new words get O."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for words, tags in _sentences(corpus, corpus.split("train")):
        for word, tag in zip(words, tags, strict=True):
            counts[word][tag] += 1
    likeliest = {word: min(found, key=lambda tag: (-found[tag], tag)) for word, found in counts.items()}

    def predict(split: EncodedSplit) -> NDArray[np.uint8]:
        words = (word for sentence in split.all_words(corpus.vocabulary.tokens) for word in sentence)
        return np.array([likeliest.get(word, 0) for word in words], dtype=np.uint8)

    return predict, len(likeliest)


def _crf(settings: FeatureTaggerRun, corpus: EncodedCorpus) -> tuple[Predict, int]:
    """Fit a linear-chain CRF (Lafferty et al. 2001) by L-BFGS; CRFsuite's, by Okazaki (2007)."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {
            "c1": settings.l1,
            "c2": settings.l2,
            "max_iterations": settings.iterations,
            "feature.minfreq": settings.min_count,
            "feature.possible_transitions": True,
        }
    )
    names = corpus.meta["tags"]
    for words, tags in _sentences(corpus, corpus.split("train")):
        if words:
            trainer.append(features_of(words), [names[tag] for tag in tags])
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)  # reads all of it
    ids = {name: number for number, name in enumerate(names)}

    def predict(split: EncodedSplit) -> NDArray[np.uint8]:
        sentences = split.all_words(corpus.vocabulary.tokens)
        found = [ids[name] for words in sentences if words for name in tagger.tag(features_of(words))]
        return np.array(found, dtype=np.uint8)

    return predict, len(tagger.info().state_features) + len(tagger.info().transitions)


def features_of(words: Sequence[str]) -> list[list[str]]:
    """Return the features of each word of a sentence: its letters, and the words and shapes around it."""
    folded = [fold(word) for word in words]
    shapes = [shape_of(word) for word in words]
    found = []
    for place, word in enumerate(words):
        own = [f"ends {word[-length:]}" for length in ENDINGS if length <= len(word)]
        own += [f"begins {word[:length]}" for length in ENDINGS if length <= len(word)]
        for step in AROUND:
            if 0 <= (near := place + step) < len(words):
                own += [f"{step} {folded[near]}", f"{step} is {shapes[near]}"]
            else:
                own.append(f"{step} is none")
        before, after = (shapes[near] if 0 <= near < len(words) else "" for near in (place - 1, place + 1))
        own += [f"shapes {before}|{shapes[place]}", f"shapes {shapes[place]}|{after}"]
        found.append(own)
    return found


def _sentences(corpus: EncodedCorpus, split: EncodedSplit) -> Iterator[tuple[list[str], list[int]]]:
    """Yield words and ids of tags of each sentence."""
    for number, words in enumerate(split.all_words(corpus.vocabulary.tokens)):
        yield words, split.document_tags(number).tolist()
