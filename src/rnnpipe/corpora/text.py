"""Plain text: a document a line, or a document a file."""

from collections.abc import Iterator
from pathlib import Path

from rnnpipe.corpora.examples import Document
from rnnpipe.corpora.lines import read_lines, read_whole
from rnnpipe.corpora.patterns import has_placeholders, matching_files
from rnnpipe.params import TextCorpus


def read_texts(corpus: TextCorpus, raw: Path, split: str) -> Iterator[Document]:
    """Yield the documents of one split; blank lines and blank files are passed over.

    `raw` is the folder of the corpus' files. See `read_lines` for what is refused.
    """
    spec = corpus.splits[split]
    paths = [path for path, _ in matching_files(raw, spec)] if has_placeholders(spec) else [raw / spec]
    for path in paths:
        texts = read_lines(path) if corpus.unit == "line" else iter([read_whole(path)])
        yield from (Document(text) for text in texts if text and not text.isspace())
