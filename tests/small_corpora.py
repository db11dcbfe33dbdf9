"""Encoded corpora of a few short documents, made on the spot."""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from rnnpipe.common.files import write_json
from rnnpipe.text.encoding import EncodedCorpus
from rnnpipe.text.vocabulary import Vocabulary

WORDS = 12
LABELS = ["no", "yes"]
TAGS = ["O", "B-X", "I-X"]


def small_corpus(directory: Path, kind: str = "text", train: int = 24, valid: int = 8, longest: int = 7) -> EncodedCorpus:
    """Write and open a corpus of random words; labels and tags can be read off the words, so that they can be learned.

    The label of a document is whether its last word is of the upper half; a word's tag is its id modulo 3.
    """
    directory.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary(["<pad>", "<unk>", "<eos>", *(f"w{i}" for i in range(WORDS))], [0, 0, 0, *([1] * WORDS)])
    vocabulary.save(directory / "vocabulary.tsv")
    Tokenizer(WordLevel({"<unk>": 0}, unk_token="<unk>")).save(str(directory / "tokenizer.json"))
    generator = np.random.default_rng(0)
    sizes = {}
    for split, documents in {"train": train, "valid": valid, "test": valid}.items():
        lengths = generator.integers(1, longest + 1, documents)
        ids = generator.integers(3, WORDS + 3, lengths.sum()).astype(np.uint16)
        offsets = np.concatenate([[0], lengths.cumsum()])
        np.save(directory / f"{split}.ids.npy", ids)
        np.save(directory / f"{split}.offsets.npy", offsets)
        if kind == "labelled":
            np.save(directory / f"{split}.labels.npy", (ids[offsets[1:] - 1] >= 9).astype(np.int16))
        if kind == "columns":
            np.save(directory / f"{split}.tags.npy", (ids % 3).astype(np.uint8))
        sizes[split] = {"documents": documents, "tokens": len(ids)}
    meta = {"format": kind, "vocabulary_sha256": vocabulary.sha256, "vocabulary_size": len(vocabulary), "splits": sizes}
    write_json(
        directory / "meta.json",
        {**meta, "labels": LABELS if kind == "labelled" else [], "tags": TAGS if kind == "columns" else []},
    )
    return EncodedCorpus.open(directory)
