"""Stage encode: replace tokens by their ids: memory-mapped arrays for each split, with all that a trainer needs beside them."""

import shutil
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory, read_json, write_json
from rnnpipe.text.encode import encode_split, iob2_tags
from rnnpipe.text.encoding import EncodedMeta
from rnnpipe.text.tokenized import TokenizedMeta
from rnnpipe.text.vocabulary import Vocabulary


def main(tokenized: Path, vocabulary: Path, out: Path) -> None:
    """Encode the corpus in folder `tokenized` with the vocabulary in file `vocabulary` into folder `out`."""
    tokenized_meta: TokenizedMeta = read_json(tokenized / "meta.json")
    words = Vocabulary.from_file(vocabulary)
    meta: EncodedMeta = {
        "format": tokenized_meta["format"],
        "vocabulary_sha256": words.sha256,
        "vocabulary_size": len(words),
        "labels": tokenized_meta["labels"],
        "tags": iob2_tags(tokenized_meta["entities"]) if tokenized_meta["format"] == "columns" else [],
        "splits": tokenized_meta["splits"],
    }
    with atomic_directory(out) as folder:
        for split, size in meta["splits"].items():
            encode_split(tokenized / f"{split}.parquet", folder / split, size, words, labels=meta["labels"], tags=meta["tags"])
        write_json(folder / "meta.json", meta)
        words.save(folder / "vocabulary.tsv")
        shutil.copyfile(tokenized / "tokenizer.json", folder / "tokenizer.json")


if __name__ == "__main__":
    run_stage(main)
