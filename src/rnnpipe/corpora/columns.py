"""CoNLL files: one word and its tag a line, a blank line after each sentence."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.conll import numbered_sentences
from rnnpipe.corpora.examples import Sentence
from rnnpipe.corpora.tagging import OUTSIDE, SCHEMES, Scheme, TagError, breaks_scheme, entity_of, to_iob2
from rnnpipe.params import ColumnsCorpus

logger = logging.getLogger(__name__)

MOST_ENTITIES = 127
"""Tags are stored in one byte: O, and two for each type."""
SEVERAL = re.compile("[|,;]")
"""Between types where a tag names more than one."""


@dataclass(frozen=True)
class Tagging:
    """How the tags of a corpus are to be read."""

    scheme: Scheme
    entities: tuple[str, ...]


def read_sentences(corpus: ColumnsCorpus, raw: Path, split: str, tagging: Tagging) -> Iterator[Sentence]:
    """Yield the sentences of one split with tags in IOB2; comments are skipped.

    Raises
    ------
    RnnpipeError
        A line without one of the columns, or a tag that is not of the scheme or not of a known type: file:line.
    """
    path = raw / corpus.splits[split]
    for sentence in numbered_sentences(corpus, path):
        try:
            tags = to_iob2(sentence.tags, tagging.scheme)
        except TagError as error:
            raise RnnpipeError(f"{path}:{sentence.lines[error.position]}: {error}; mend it, or the entry's scheme") from None
        for position, tag in enumerate(tags):
            entity = entity_of(tag)
            if entity is not None and entity not in tagging.entities:
                known = f"types are {', '.join(tagging.entities) or 'none'}; mend it, or name all in `entities`"
                raise RnnpipeError(f"{path}:{sentence.lines[position]}: unknown tag {sentence.tags[position]!r}; {known}")
        yield Sentence(sentence.tokens, tags, sentence.article, sentence.features)


def learn_tagging(corpus: ColumnsCorpus, raw: Path) -> Tagging:
    """Find the scheme and the types of entities in the train split, where the corpus' entry leaves them open.

    Raises
    ------
    RnnpipeError
        The tags fit no scheme, or name several types at once: names the first line of each kind.
    """
    path = raw / corpus.splits["train"]
    misfits: dict[Scheme, str] = {}
    entities: set[str] = set()
    ends = False
    for sentence in numbered_sentences(corpus, path):
        found = {tag: entity_of(tag) for tag in sentence.tags}
        for tag, entity in found.items():
            if tag != OUTSIDE and (entity is None or SEVERAL.search(entity)):
                _check_tag(corpus, f"{path}:{sentence.lines[sentence.tags.index(tag)]}", tag, entity)
        ends = ends or any(tag[0] in "ES" for tag in found)
        entities.update(entity for entity in found.values() if entity)
        for scheme in SCHEMES:
            if scheme not in misfits and (error := breaks_scheme(sentence.tags, scheme)):
                misfits[scheme] = f"{path}:{sentence.lines[error.position]}: {error}"
    scheme = _only_fit(misfits, ends) if corpus.scheme == "auto" else "BIOES" if corpus.scheme == "BILOU" else corpus.scheme
    types = corpus.entities or tuple(sorted(entities))
    if len(types) > MOST_ENTITIES:
        raise RnnpipeError(f"{path}: {len(types)} types of entities, at most {MOST_ENTITIES} are allowed; is tag_column right?")
    if not types:
        logger.warning("%s: every tag is O: there is nothing to find; is tag_column (%d) right?", path, corpus.tag_column)
    return Tagging(scheme, types)


def _check_tag(corpus: ColumnsCorpus, where: str, tag: str, entity: str | None) -> None:
    """Refuse what is no tag, and a tag of several types, unless they are a type of the entry."""
    if entity is None:
        told = f"{tag!r} is no tag of {', '.join(SCHEMES)}: O, or B, I (E, S) with -TYPE"
        raise RnnpipeError(f"{where}: {told}; mend it, or set tag_column ({corpus.tag_column}) to the column of the tags")
    if entity not in (corpus.entities or ()):
        told = f"{tag!r} names several types, and a word has one tag"
        raise RnnpipeError(f"{where}: {told}; keep one of them, or name {entity!r} in `entities` as a type of its own")


def _only_fit(misfits: dict[Scheme, str], ends: bool) -> Scheme:
    """Return the scheme without a misfit, given whether spans have ends. Two are left only where all tags are O."""
    for scheme in SCHEMES:
        if scheme not in misfits:
            return scheme
    if ends:
        raise RnnpipeError(f"{misfits['BIOES']}; mend the tags")
    both = misfits["IOB2"] if misfits["IOB2"] == misfits["IOB1"] else f"{misfits['IOB2']}; {misfits['IOB1']}"
    raise RnnpipeError(f"{both}; mend the tags, or set scheme: IOB1, in which any B begins an entity")
