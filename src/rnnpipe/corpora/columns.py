"""CoNLL files: one word and its tag a line, a blank line after each sentence."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.examples import Sentence
from rnnpipe.corpora.lines import read_lines
from rnnpipe.corpora.tagging import SCHEMES, Scheme, TagError, breaks_scheme, entity_of, to_iob2
from rnnpipe.params import ColumnsCorpus

logger = logging.getLogger(__name__)

SEPARATORS = {"whitespace": re.compile("[ \t]+"), "tab": re.compile("\t")}
MOST_ENTITIES = 127
"""Tags are stored in one byte: O, and two for each type."""


@dataclass(frozen=True)
class Tagging:
    """How the tags of a corpus are to be read."""

    scheme: Scheme
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence as it stands in the file, and the number of its first line."""

    line: int
    tokens: list[str]
    tags: list[str]


def read_sentences(corpus: ColumnsCorpus, raw: Path, split: str, tagging: Tagging) -> Iterator[Sentence]:
    """Yield the sentences of one split with tags in IOB2; `-DOCSTART-` lines are skipped.

    Raises
    ------
    RnnpipeError
        A line without one of the columns, or a tag that is not of the scheme or not of a known type: file:line.
    """
    path = raw / corpus.splits[split]
    for sentence in _numbered(corpus, path):
        try:
            tags = to_iob2(sentence.tags, tagging.scheme)
        except TagError as error:
            raise RnnpipeError(f"{path}:{sentence.line + error.position}: {error}") from None
        for position, tag in enumerate(tags):
            entity = entity_of(tag)
            if entity is not None and entity not in tagging.entities:
                known = ", ".join(tagging.entities)
                raise RnnpipeError(
                    f"{path}:{sentence.line + position}: unknown tag {sentence.tags[position]!r}; types are {known}"
                )
        yield Sentence(sentence.tokens, tags)


def learn_tagging(corpus: ColumnsCorpus, raw: Path) -> Tagging:
    """Find the scheme and the types of entities in the train split, where the corpus' entry leaves them open.

    Raises
    ------
    RnnpipeError
        The tags fit no scheme: names the first line against each.
    """
    path = raw / corpus.splits["train"]
    misfits: dict[Scheme, str] = {}
    entities: set[str] = set()
    prefixes: set[str] = set()
    for sentence in _numbered(corpus, path):
        found = {tag: entity for tag in sentence.tags if (entity := entity_of(tag))}
        prefixes.update(tag[0] for tag in sentence.tags if tag[1:2] == "-")
        entities.update(found.values())
        for scheme in SCHEMES:
            if scheme not in misfits and (error := breaks_scheme(sentence.tags, scheme)):
                misfits[scheme] = f"{path}:{sentence.line + error.position}: {error}"
    scheme = corpus.scheme if corpus.scheme != "auto" else _only_fit(misfits, prefixes)
    types = corpus.entities or tuple(sorted(entities))
    if len(types) > MOST_ENTITIES:
        raise RnnpipeError(f"{path}: {len(types)} types of entities, at most {MOST_ENTITIES} are allowed; is tag_column right?")
    if not types:
        logger.warning("%s: every tag is O: there is nothing to find; is tag_column (%d) right?", path, corpus.tag_column)
    return Tagging(scheme, types)


def _only_fit(misfits: dict[Scheme, str], prefixes: set[str]) -> Scheme:
    """Return the scheme without a misfit. Two are left only where all tags are O, and then it does not matter."""
    for scheme in SCHEMES:
        if scheme not in misfits:
            return scheme
    if prefixes & {"L", "U"}:
        raise RnnpipeError(f"{misfits['BIOES']}; L and U are of BILOU: write E- for L- and S- for U-, which is BIOES")
    if prefixes & {"E", "S"}:
        raise RnnpipeError(f"{misfits['BIOES']}; mend the tags")
    both = misfits["IOB2"] if misfits["IOB2"] == misfits["IOB1"] else f"{misfits['IOB2']}; {misfits['IOB1']}"
    raise RnnpipeError(f"{both}; mend the tags, or set scheme: IOB1, in which any B begins an entity")


def _numbered(corpus: ColumnsCorpus, path: Path) -> Iterator[Numbered]:
    columns: int | None = None
    sentence = Numbered(1, [], [])
    for number, line in enumerate(_with_blank_end(read_lines(path)), start=1):
        if not line.strip(" \t") or line.startswith("-DOCSTART-"):
            if sentence.tokens:
                yield sentence
            sentence = Numbered(number + 1, [], [])
            continue
        fields = SEPARATORS[corpus.separator].split(line.strip(" \t" if corpus.separator == "whitespace" else ""))
        columns = columns or len(fields)
        token, tag = _token_and_tag(corpus, fields, columns, f"{path}:{number}")
        sentence.tokens.append(token)
        sentence.tags.append(tag)


def _with_blank_end(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield ""


def _token_and_tag(corpus: ColumnsCorpus, fields: list[str], columns: int, where: str) -> tuple[str, str]:
    """Return the two columns that matter; every line has as many columns as the first, so that the last is the tag's."""
    if len(fields) != columns:
        raise RnnpipeError(f"{where}: {len(fields)} columns, but the lines before have {columns}; one is missing or too many")
    positions = [position if position >= 0 else columns + position for position in (corpus.token_column, corpus.tag_column)]
    for name, position in zip(("token_column", "tag_column"), positions, strict=True):
        if not 0 <= position < columns or not fields[position]:
            raise RnnpipeError(f"{where}: no column {getattr(corpus, name)} ({name}); the line has {columns}")
    if positions[0] == positions[1]:
        raise RnnpipeError(f"{where}: token_column and tag_column are the same column; the line has {columns}")
    return fields[positions[0]], fields[positions[1]]
