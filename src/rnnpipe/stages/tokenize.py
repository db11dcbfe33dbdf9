"""Stage tokenize: cut a corpus' raw text into tokens: a Parquet file for each split, and the tokenizer beside them."""

from contextlib import ExitStack
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory, write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.corpora.examples import Sentence
from rnnpipe.corpora.reading import CorpusReader
from rnnpipe.params import ColumnsCorpus, find, load_params
from rnnpipe.text.tokenized import TokenizedMeta, TokenizedWriter
from rnnpipe.text.tokenizer import build_tokenizer, save_tokenizer


def main(corpus: str, raw: Path, out: Path) -> None:
    """Tokenize corpus `corpus` of params.yaml from folder `raw` into folder `out`."""
    params = load_params()
    entry = find(params.corpora, "corpora", corpus)
    reader = CorpusReader.open(entry, raw, derive_seed(params.seed, "tokenize", corpus))
    if isinstance(entry, ColumnsCorpus):
        tokenizer = build_tokenizer(lowercase=entry.lowercase)
    else:
        tokenizer = build_tokenizer(
            entry.words,
            punctuation=entry.punctuation == "keep",
            html_breaks=entry.html_breaks == "keep",
            lowercase=entry.lowercase,
        )
    with atomic_directory(out) as folder:
        with ExitStack() as files:
            writers = {
                split: files.enter_context(TokenizedWriter(folder / f"{split}.parquet", tokenizer, entry.format))
                for split in reader.splits
            }
            for split, example in reader.examples():
                if isinstance(example, Sentence):
                    writers[split].add_words(example.tokens, example.tags)
                else:
                    writers[split].add_text(example.text, example.label)
        meta: TokenizedMeta = {
            "format": entry.format,
            "labels": list(reader.labels),
            "entities": list(reader.tagging.entities) if reader.tagging else [],
            "scheme": reader.tagging.scheme if reader.tagging else None,
            "splits": {split: {"documents": writer.documents, "tokens": writer.tokens} for split, writer in writers.items()},
        }
        write_json(folder / "meta.json", meta)
        save_tokenizer(tokenizer, folder / "tokenizer.json")


if __name__ == "__main__":
    run_stage(main)
