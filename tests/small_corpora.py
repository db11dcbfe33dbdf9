"""Encoded corpora of a few short documents, made on the spot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from rnnpipe.common.files import write_json
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.knowledge import TRUTH
from rnnpipe.text.pairs import FOLDER
from rnnpipe.text.spellings import SpellingsWriter
from rnnpipe.text.vocabulary import UNK, Vocabulary

WORDS = 12
LABELS = ["no", "yes"]
TAGS = ["O", "B-X", "I-X"]

Pair = tuple[int, Sequence[int], Sequence[int], Sequence[int]]
"""Distance, and the ids of prefix, good and bad."""


def tags_of(ids: NDArray[np.integer[Any]], offsets: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return the tags of words, ids modulo 3, but B in the place of an I that no word of a name stands before: (N,)."""
    tags = ids % 3
    before = np.concatenate([[0], tags[:-1]])[: len(tags)]
    before[offsets[:-1][np.diff(offsets) > 0]] = 0
    return np.where((tags == 2) & (before == 0), 1, tags).astype(np.uint8)


def small_corpus(
    directory: Path,
    kind: str = "text",
    train: int = 24,
    valid: int = 8,
    longest: int = 7,
    *,
    unknown: Sequence[str] = (),
    pairs: Sequence[Pair] = (),
    truth: Mapping[str, Any] | None = None,
) -> EncodedCorpus:
    """Write and open a corpus of random words; labels and tags can be read off the words, so that they can be learned.

    The label of a document is whether its last word is of the upper half; tags are those of `tags_of`. In each split the
    first words are outside the vocabulary and spelled as `unknown` says; none by default, nor pairs nor truth. Of sentences with
    tags three make an article, and the feature `odd` tells whether a word's id is.
    """
    directory.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary(["<pad>", "<unk>", "<eos>", *(f"w{i}" for i in range(WORDS))], [0, 0, 0, *([1] * WORDS)])
    vocabulary.save(directory / "vocabulary.tsv")
    Tokenizer(WordLevel({"<unk>": 0}, unk_token="<unk>")).save(str(directory / "tokenizer.json"))
    generator = np.random.default_rng(0)
    sizes, spelled = {}, {}
    for split, documents in {"train": train, "valid": valid, "test": valid}.items():
        lengths = generator.integers(1, longest + 1, documents)
        ids = generator.integers(3, WORDS + 3, lengths.sum()).astype(np.uint16)
        ids[: len(unknown)] = UNK
        offsets = np.concatenate([[0], lengths.cumsum()])
        np.save(directory / f"{split}.ids.npy", ids)
        np.save(directory / f"{split}.offsets.npy", offsets)
        if kind == "labelled":
            np.save(directory / f"{split}.labels.npy", (ids[offsets[1:] - 1] >= 9).astype(np.int16))
        if kind == "columns":
            np.save(directory / f"{split}.tags.npy", tags_of(ids, offsets))
            np.save(directory / f"{split}.articles.npy", (np.arange(documents) // 3).astype(np.int32))
            np.save(directory / f"{split}.feature.odd.npy", (1 + ids % 2).astype(np.uint16))
        with SpellingsWriter(directory / split) as writer:
            writer.append(list(unknown), np.arange(len(unknown)))
        sizes[split], spelled[split] = {"documents": documents, "tokens": len(ids)}, writer.size
    _write_pairs(directory, pairs)
    if truth is not None:
        write_json(directory / TRUTH, truth)
    meta = {
        "format": kind,
        "joined_by": " ",
        "vocabulary_sha256": vocabulary.sha256,
        "vocabulary_size": len(vocabulary),
        "labels": LABELS if kind == "labelled" else [],
        "tags": TAGS if kind == "columns" else [],
        "features": {"odd": ["no", "yes"]} if kind == "columns" else {},
        "splits": sizes,
        "unknown": spelled,
        "pairs": len(pairs),
    }
    write_json(directory / "meta.json", meta)
    return EncodedCorpus.open(directory)


def _write_pairs(directory: Path, pairs: Sequence[Pair]) -> None:
    if pairs:
        texts = [text for _, *parts in pairs for text in parts]
        (directory / FOLDER).mkdir(exist_ok=True)
        np.save(directory / FOLDER / "distances.npy", np.array([distance for distance, *_ in pairs], dtype=np.int64))
        np.save(directory / FOLDER / "ids.npy", np.concatenate(texts).astype(np.int64))
        np.save(directory / FOLDER / "offsets.npy", np.cumsum([0, *map(len, texts)]))
