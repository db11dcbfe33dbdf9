"""Published vectors, cut down to the words of a corpus."""

from pathlib import Path

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.formats import Format, read_published
from rnnpipe.embeddings.vectors import WordVectors, complete, subset
from rnnpipe.text.vocabulary import RESERVED, Vocabulary


def import_vectors(path: Path, file_format: Format, vocabulary: Vocabulary) -> WordVectors:
    """Read the vectors of a corpus' words.

    A word takes the vector of its own form, or else of its form in lower case, for many published files know no other.
    `<unk>` is the mean of the vectors taken, whatever the file says of it.

    Parameters
    ----------
    path : Path
    file_format : str
    vocabulary : Vocabulary
        Of the corpus.

    Returns
    -------
    WordVectors
        Of the words found; `config` says how many: `coverage` (percent of the words), `token_coverage` (percent of the train
        split's words, each occurrence counted), `lower_cased` (words that took the vector of their form in lower case).

    Raises
    ------
    RnnpipeError
        The file is damaged (see `read_published`), or knows no word of the corpus.
    """
    words = vocabulary.tokens[len(RESERVED) :]
    found = read_published(path, file_format, {form for word in words for form in (word, word.lower())})
    forms = [word if word in found else word.lower() for word in words]
    kept = np.array([form in found for form in forms], dtype=np.bool_)
    if not kept.any():
        raise RnnpipeError(f"{path}: has no vector for any of the {len(words)} words; is it of another language?")
    counts = np.array(vocabulary.counts[len(RESERVED) :])
    config = {
        "coverage": round(100.0 * float(kept.mean()), 4),
        "token_coverage": round(100.0 * float(counts[kept].sum()) / max(int(sum(vocabulary.counts)), 1), 4),
        "lower_cased": sum(form != word and form in found for word, form in zip(words, forms, strict=True)),
    }
    vectors = complete(np.stack([found[form] for form in forms if form in found]))
    return WordVectors(vectors, subset(vocabulary, np.concatenate([np.ones(len(RESERVED), dtype=np.bool_), kept])), config)
