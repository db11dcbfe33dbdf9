"""Minimal pairs on their way from words to ids, cut by the corpus' own tokenizer: small letters or characters as in the text."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.tables import write_lines
from rnnpipe.text.pairs import FOLDER, GROUPS, TEXTS, UNKNOWN
from rnnpipe.text.tokenized import TokenizedWriter, read_column
from rnnpipe.text.tokenizer import BatchTokenizer
from rnnpipe.text.vocabulary import Vocabulary

RawPair = tuple[str, int, str, str, str, str, int]
"""file:line, distance, prefix, good, bad, group, attractors; see `EncodedPair`."""


def write_pairs(pairs: Sequence[RawPair], tokenizer: Tokenizer, directory: Path) -> None:
    """Tokenize pairs into a tokenized corpus.

    Raises
    ------
    RnnpipeError
        The tokenizer leaves nothing of a good or a bad word, or makes both the same: such a pair asks nothing.
    """
    if not pairs:
        return
    texts = [text for _, _, *parts, _, _ in pairs for text in parts]
    tokens, _, lengths = BatchTokenizer(tokenizer).tokenize(texts)
    ends = np.cumsum([0, *lengths]).tolist()
    cut = [tokens[start:end] for start, end in pairwise(ends)]
    for number, (where, *_) in enumerate(pairs):
        good, bad = cut[TEXTS * number + 1 : TEXTS * (number + 1)]
        if not good or not bad or good == bad:
            raise RnnpipeError(
                f"{where}: the corpus' tokenizer makes {' '.join(good)!r} of good and {' '.join(bad)!r} of bad; "
                "they must be different words; mend the pair, or lowercase and punctuation in the corpus' entry"
            )
    folder = directory / FOLDER
    folder.mkdir()
    with TokenizedWriter(folder / "texts.parquet", tokenizer, "text") as writer:
        for text in texts:
            writer.add_text(text)
    np.save(folder / "distances.npy", np.array([distance for _, distance, *_ in pairs], dtype=np.int64))
    told = [(group, attractors) for *_, group, attractors in pairs]
    if any(group or attractors != UNKNOWN for group, attractors in told):
        write_lines(folder / GROUPS, (f"{group}\t{attractors}" for group, attractors in told))


def encode_pairs(tokenized: Path, encoded: Path, vocabulary: Vocabulary) -> int:
    """Encode the pairs of a tokenized corpus, if it has any, into an encoded one; return how many there are."""
    source, target = tokenized / FOLDER, encoded / FOLDER
    if not source.is_dir():
        return 0
    target.mkdir()
    pieces = list(read_column(source / "texts.parquet"))
    lengths = np.concatenate([piece.lengths for piece in pieces])
    np.save(target / "ids.npy", np.concatenate([vocabulary.encode(piece.strings)[piece.codes] for piece in pieces]))
    np.save(target / "offsets.npy", np.concatenate([[0], np.cumsum(lengths)]))
    shutil.copyfile(source / "distances.npy", target / "distances.npy")
    if (source / GROUPS).is_file():
        shutil.copyfile(source / GROUPS, target / GROUPS)
    return len(lengths) // TEXTS
