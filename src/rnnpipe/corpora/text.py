"""Plain text: a document a line, or a document a file."""

from collections.abc import Iterator
from pathlib import Path

from rnnpipe.corpora.examples import Document
from rnnpipe.corpora.lines import read_lines, read_whole
from rnnpipe.corpora.patterns import has_placeholders, matching_files
from rnnpipe.params import TextCorpus


def read_texts(corpus: TextCorpus, raw: Path, split: str) -> Iterator[Document]:
    """Yield the documents of one split; blank files are skipped, blank lines too unless the entry keeps them.

    `raw` is the folder of the corpus' files. See `read_lines` for what is refused.
    """
    spec = corpus.splits[split]
    paths = [path for path, _ in matching_files(raw, spec)] if has_placeholders(spec) else [raw / spec]
    for path in paths:
        texts = read_lines(path) if corpus.unit == "line" else iter([read_whole(path)])
        documents = map(Document, texts)
        yield from documents if corpus.blank_lines == "keep" else (one for one in documents if not one.is_blank)
