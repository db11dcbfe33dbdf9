"""Stage encode: replace tokens by their ids: memory-mapped arrays for each split, with all that is asked of the corpus."""

import shutil
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory, read_json, write_json
from rnnpipe.text.encode import encode_split, feature_values, iob2_tags
from rnnpipe.text.knowledge import carry_knowledge
from rnnpipe.text.meta import EncodedMeta, TokenizedMeta
from rnnpipe.text.pair_writing import encode_pairs
from rnnpipe.text.vocabulary import Vocabulary


def main(tokenized: Path, vocabulary: Path, out: Path) -> None:
    """Encode the corpus in folder `tokenized` with the vocabulary in file `vocabulary` into folder `out`."""
    source: TokenizedMeta = read_json(tokenized / "meta.json")
    words = Vocabulary.from_file(vocabulary)
    labels = source["labels"]
    tags = iob2_tags(source["entities"]) if source["format"] == "columns" else []
    features = {feature: feature_values(tokenized / "train.parquet", feature) for feature in source["features"]}
    with atomic_directory(out) as folder:
        unknown = {
            split: encode_split(
                tokenized / f"{split}.parquet", folder / split, words, labels=labels, tags=tags, features=features
            )
            for split in source["splits"]
        }
        meta: EncodedMeta = {
            "format": source["format"],
            "joined_by": source["joined_by"],
            "vocabulary_sha256": words.sha256,
            "vocabulary_size": len(words),
            "labels": labels,
            "tags": tags,
            "features": features,
            "splits": source["splits"],
            "unknown": unknown,
            "pairs": encode_pairs(tokenized, folder, words),
        }
        carry_knowledge(tokenized, folder)
        write_json(folder / "meta.json", meta)
        words.save(folder / "vocabulary.tsv")
        shutil.copyfile(tokenized / "tokenizer.json", folder / "tokenizer.json")


if __name__ == "__main__":
    run_stage(main)
