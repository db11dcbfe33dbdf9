"""Labelled texts: CSV, TSV, JSON lines, or a file a text with its label in the file's name."""

import re
from collections.abc import Iterator
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.delimited import Row
from rnnpipe.corpora.examples import Document
from rnnpipe.corpora.lines import read_lines, read_whole
from rnnpipe.corpora.patterns import PLACEHOLDER, has_placeholders, matching_files
from rnnpipe.corpora.rows import KINDS, read_rows, with_columns
from rnnpipe.params import LabelledCorpus

MOST_LABELS = 32_767
"""Labels are stored in two bytes."""


def read_labelled(corpus: LabelledCorpus, raw: Path, split: str, labels: tuple[str, ...] | None) -> Iterator[Document]:
    """Yield the documents of one split; blank texts are skipped. White space around a label, or doubled in it, is none of it.

    Parameters
    ----------
    corpus : LabelledCorpus
        The corpus' entry in params.yaml.
    raw : Path
        Folder of the corpus' files.
    split : str
        Its documents have no label where the entry calls it unlabelled.
    labels : tuple of str, default=None
        The labels that are allowed; None: any.

    Raises
    ------
    RnnpipeError
        A missing column, a row with too few or too many fields, broken JSON, a label that is not allowed: file:line.
    """
    labelled = split not in corpus.unlabelled
    needed = [corpus.text_column, *([corpus.label_column] if labelled else [])]
    for row in _rows(raw, corpus, split, needed):
        label = _label(row.fields[corpus.label_column]) if labelled else None
        if labelled and (not label or (labels is not None and label not in labels)):
            raise _wrong_label(row.where, corpus.label_column, label or "", labels)
        document = Document(row.fields[corpus.text_column], label)
        if not document.is_blank:
            yield document


def learn_labels(corpus: LabelledCorpus, raw: Path) -> tuple[str, ...]:
    """Return the labels in the order of their ids: those of the entry, else those of the train split, sorted.

    Raises
    ------
    RnnpipeError
        There are more than MOST_LABELS. See also `read_labelled`.
    """
    if corpus.labels is not None:
        return tuple(map(_label, corpus.labels))
    labels = sorted({document.label for document in read_labelled(corpus, raw, "train", None) if document.label})
    if len(labels) > MOST_LABELS:
        told = f"{len(labels)} different labels in column {corpus.label_column!r}, at most {MOST_LABELS} are allowed"
        raise RnnpipeError(f"{raw / corpus.splits['train']}: {told}; is label_column right?")
    return tuple(labels)


def _label(text: str) -> str:
    return " ".join(text.split())


def _wrong_label(where: str, column: str, label: str, labels: tuple[str, ...] | None) -> RnnpipeError:
    if not label:
        cure = "write one, take the row out, or put such rows into a file of their own, a split that `unlabelled` names"
        return RnnpipeError(f"{where}: label '' in column {column!r}: no label; {cure}")
    known = ", ".join((labels or ())[:20]) or "none, for the split train has none"
    return RnnpipeError(f"{where}: label {label!r} in column {column!r}; labels are {known}; mend it, or name all in `labels`")


def _rows(raw: Path, corpus: LabelledCorpus, split: str, needed: list[str]) -> Iterator[Row]:
    spec, cure = corpus.splits[split], "set it in the corpus' entry"
    if has_placeholders(spec):
        return with_columns(_folder_rows(raw, spec, corpus), needed, cure)
    kind = Path(spec).suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise RnnpipeError(f"{raw / spec}: neither .csv, .tsv, .jsonl nor a pattern such as train/{{label}}/{{id}}.txt")
    return read_rows(read_lines(raw / spec), str(raw / spec), kind, needed, cure)


def _folder_rows(raw: Path, pattern: str, corpus: LabelledCorpus) -> Iterator[Row]:
    if [name for name, _ in PLACEHOLDER.findall(pattern)] == [corpus.label_column]:
        told = "fits one file for each label, and a file is one text"
        cure = "give each text a file, as in train/{label}/{id}.txt, or write all into one .csv with a column of labels"
        raise RnnpipeError(f"{raw}: {pattern!r} {told}; {cure}")
    for path, fields in matching_files(raw, pattern):
        if re.search("[\ud800-\udfff]", "".join(fields.values())):
            raise RnnpipeError(f"{raw}: the name {ascii(path.relative_to(raw).as_posix())} is not UTF-8; rename the file")
        yield Row(str(path), {**fields, corpus.text_column: read_whole(path)})
