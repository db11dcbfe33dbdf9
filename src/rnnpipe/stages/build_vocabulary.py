"""Stage build_vocabulary: choose the words that have an id, from the train split alone; measure coverage; tell oddities."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import read_json, write_json
from rnnpipe.evaluation.splits import metric_split
from rnnpipe.params import find, load_params
from rnnpipe.text.meta import TokenizedMeta
from rnnpipe.text.remarks import remarks_on
from rnnpipe.text.shared_texts import shared_with_train
from rnnpipe.text.tokenized import count_tokens
from rnnpipe.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)


def main(corpus: str, tokenized: Path, out: Path, metrics: Path) -> None:
    """Write the vocabulary of corpus `corpus` to file `out`; its size, coverage and what is odd about it to file `metrics`."""
    entry = find(load_params().corpora, "corpora", corpus)
    meta: TokenizedMeta = read_json(tokenized / "meta.json")
    train = count_tokens(tokenized / "train.parquet")
    vocabulary = Vocabulary.of_corpus(corpus, train, entry.vocabulary.size, entry.vocabulary.min_count)
    splits = {}
    for split in meta["splits"]:
        counts = train if split == "train" else count_tokens(tokenized / f"{split}.parquet")
        splits[metric_split(split)] = vocabulary.coverage(counts)
    for split, share in shared_with_train(tokenized, meta["splits"]).items():
        splits[metric_split(split)]["in_train"] = share
    vocabulary.save(out)
    remarks = remarks_on(tokenized, meta, {split: splits[metric_split(split)]["oov_rate"] for split in meta["splits"]})
    for remark in remarks:
        logger.warning("%s: %s", corpus, remark)
    write_json(metrics, {"size": len(vocabulary), "splits": splits, **({"remarks": remarks} if remarks else {})})


if __name__ == "__main__":
    run_stage(main)
