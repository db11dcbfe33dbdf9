"""Stage tokenize: cut a corpus' raw text into tokens: a Parquet file for each split, and what a corpus comes with beside them."""

from contextlib import ExitStack
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory, write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.corpora.agreement_files import all_pairs
from rnnpipe.corpora.examples import Sentence
from rnnpipe.corpora.reading import CorpusReader
from rnnpipe.params import find, load_params
from rnnpipe.text.entry import features_of, joined_by, keeps_words, tokenizer_of
from rnnpipe.text.knowledge import take_knowledge
from rnnpipe.text.meta import TokenizedMeta
from rnnpipe.text.pair_writing import write_pairs
from rnnpipe.text.tokenized import TokenizedWriter
from rnnpipe.text.tokenizer import save_tokenizer


def main(corpus: str, raw: Path, out: Path) -> None:
    """Tokenize corpus `corpus` of params.yaml from folder `raw` into folder `out`."""
    params = load_params()
    entry = find(params.corpora, "corpora", corpus)
    reader = CorpusReader.open(entry, raw, derive_seed(params.seed, "tokenize", entry.raw or corpus))
    tokenizer = tokenizer_of(entry)
    with atomic_directory(out) as folder, ExitStack() as files:
        if entry.format == "text":
            write_pairs(all_pairs(raw, entry.pairs), tokenizer, folder)
        take_knowledge(raw, folder, keeps_words(entry))
        paths = {split: folder / f"{split}.parquet" for split in reader.splits}
        told = (entry.format, features_of(entry))
        writers = {split: files.enter_context(TokenizedWriter(path, tokenizer, *told)) for split, path in paths.items()}
        for split, example in reader.examples():
            if isinstance(example, Sentence):
                writers[split].add_words(example.tokens, example.tags, example.article, example.features)
            else:
                writers[split].add_text(example.text, example.label)
        files.close()
        for split, writer in writers.items():
            if not writer.tokens:
                raise RnnpipeError(
                    f"{raw}: split {split!r} has no word once it is tokenized; put text there, or keep punctuation"
                )
        meta: TokenizedMeta = {
            "format": entry.format,
            "joined_by": joined_by(entry),
            "labels": list(reader.labels),
            "entities": list(reader.tagging.entities) if reader.tagging else [],
            "scheme": reader.tagging.scheme if reader.tagging else None,
            "features": features_of(entry),
            "splits": {split: {"documents": writer.documents, "tokens": writer.tokens} for split, writer in writers.items()},
        }
        write_json(folder / "meta.json", meta)
        save_tokenizer(tokenizer, folder / "tokenizer.json")


if __name__ == "__main__":
    run_stage(main)
