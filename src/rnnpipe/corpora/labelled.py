"""Labelled texts: CSV, TSV, JSON lines, or a file a text with its label in the file's name."""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.examples import Document
from rnnpipe.corpora.lines import read_lines, read_whole
from rnnpipe.corpora.patterns import has_placeholders, matching_files
from rnnpipe.params import LabelledCorpus

CURE = "set it in the corpus' entry"


@dataclass(frozen=True, slots=True)
class Row:
    """One text with all that stands beside it, by column, and where it stands: a file, or file:line."""

    where: str
    fields: dict[str, str]


def read_labelled(corpus: LabelledCorpus, raw: Path, split: str, labels: tuple[str, ...] | None) -> Iterator[Document]:
    """Yield the documents of one split; blank texts are skipped.

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
        label = row.fields[corpus.label_column] if labelled else None
        if labelled and (not label or (labels is not None and label not in labels)):
            allowed = ", ".join(labels) if labels else "any but an empty one"
            raise RnnpipeError(f"{row.where}: label {label!r} in column {corpus.label_column!r}; labels are {allowed}")
        text = row.fields[corpus.text_column]
        if text and not text.isspace():
            yield Document(text, label)


def learn_labels(corpus: LabelledCorpus, raw: Path) -> tuple[str, ...]:
    """Return the labels in the order of their ids: those of the entry, else those of the train split, sorted."""
    if corpus.labels is not None:
        return corpus.labels
    return tuple(sorted({document.label or "" for document in read_labelled(corpus, raw, "train", None)}))


def read_rows(lines: Iterable[str], name: str, kind: str, needed: list[str], cure: str = CURE) -> Iterator[Row]:
    """Yield the rows of a table or of JSON lines, all of them with the columns that are needed.

    Parameters
    ----------
    lines : iterable of str
        Without their ends.
    name : str
        What errors call their source.
    kind : str
        `csv`, `tsv` or `jsonl`.
    needed : list of str
        Columns.
    cure : str
        What to do where one is missing.

    Raises
    ------
    RnnpipeError
        A missing column, a row with too few or too many fields, broken JSON: file:line.
    """
    rows = _json_rows(lines, name) if kind == "jsonl" else _table_rows(lines, name, kind == "csv", needed, cure)
    return _with_columns(rows, needed, cure)


def _with_columns(rows: Iterable[Row], needed: list[str], cure: str = CURE) -> Iterator[Row]:
    for row in rows:
        for column in needed:
            if column not in row.fields:
                raise RnnpipeError(f"{row.where}: no column {column!r}, but {', '.join(row.fields)}; {cure}")
        yield row


def _rows(raw: Path, corpus: LabelledCorpus, split: str, needed: list[str]) -> Iterator[Row]:
    spec = corpus.splits[split]
    kind = Path(spec).suffix.lower().removeprefix(".")
    if has_placeholders(spec):
        return _with_columns(_folder_rows(raw, spec, corpus.text_column), needed)
    if kind in {"csv", "tsv", "jsonl"}:
        return read_rows(read_lines(raw / spec), str(raw / spec), kind, needed)
    raise RnnpipeError(f"{raw / spec}: neither .csv, .tsv, .jsonl nor a pattern such as train/{{label}}/{{id}}.txt")


def _folder_rows(raw: Path, pattern: str, text_column: str) -> Iterator[Row]:
    for path, fields in matching_files(raw, pattern):
        yield Row(str(path), {**fields, text_column: read_whole(path)})


def _json_rows(lines: Iterable[str], name: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line or line.isspace():
            continue
        where = f"{name}:{number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise RnnpipeError(f"{where}: broken JSON ({error}); each line holds one object") from None
        if not isinstance(record, dict):
            raise RnnpipeError(f'{where}: no JSON object; each line holds one, such as {{"text": …, "label": …}}')
        fields = {key: _plain(value) for key, value in record.items()}
        for column, value in fields.items():
            # JSON can escape what is no character: NUL, and half of a surrogate pair, which cannot be written again.
            if re.search("[\0\ud800-\udfff]", value):
                raise RnnpipeError(f"{where}: {column!r} holds a NUL or half a character (a lone surrogate); take it out")
        yield Row(where, fields)


def _plain(value: object) -> str:
    """Return a JSON value as a text: a string as it is, null as the empty text, else as JSON (1, true)."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def _table_rows(lines: Iterable[str], name: str, quoted: bool, needed: list[str], cure: str) -> Iterator[Row]:
    """Yield the rows of a CSV file, or of a TSV file, in which quotes mean nothing."""
    csv.field_size_limit(sys.maxsize)
    ended = (line + "\n" for line in lines)
    reader = csv.reader(ended, strict=True) if quoted else csv.reader(ended, strict=True, delimiter="\t", quoting=csv.QUOTE_NONE)
    first, header = 1, None
    try:
        for fields in reader:
            where, first = f"{name}:{first}", reader.line_num + 1
            if header is None:
                header = _header(fields, needed, where, cure)
            elif fields:
                if len(fields) != len(header):
                    raise RnnpipeError(f"{where}: {len(fields)} fields, the header has {len(header)}; quote texts with commas")
                yield Row(where, dict(zip(header, fields, strict=True)))
    except csv.Error as error:
        if "new-line character" in str(error):
            raise RnnpipeError(f"{name}:{first}: a carriage return inside a row; end lines with \\n: tr '\\r' '\\n'") from None
        raise RnnpipeError(f"{name}:{first}: broken row ({error}); a quote inside a quoted text is written twice") from None


def _header(fields: list[str], needed: list[str], where: str, cure: str) -> list[str]:
    missing = [column for column in needed if column not in fields]
    if missing:
        raise RnnpipeError(f"{where}: no column {missing[0]!r} in the header, but {', '.join(fields)}; {cure}")
    if len(set(fields)) < len(fields):
        twice = next(column for column in fields if fields.count(column) > 1)
        raise RnnpipeError(f"{where}: column {twice!r} stands twice in the header; rename one")
    return fields
