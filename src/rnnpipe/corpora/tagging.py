"""Tags of named entities: IOB1, IOB2 and BIOES, found out and converted to IOB2. BILOU is BIOES with other letters.

A span of type X is tagged B-X I-X I-X in IOB2; in IOB1 (CoNLL-2003 as released) I-X I-X I-X, with B-X only where a
span follows another of the same type at once; in BIOES B-X I-X E-X, or S-X for a single word (Ramshaw & Marcus 1995;
Tjong Kim Sang & Veenstra 1999).
"""

from collections.abc import Sequence
from typing import Literal

Scheme = Literal["IOB1", "IOB2", "BIOES"]
SCHEMES: tuple[Scheme, ...] = ("IOB2", "IOB1", "BIOES")
OUTSIDE = "O"
PREFIXES = {"IOB1": "BI", "IOB2": "BI", "BIOES": "BIES"}
LETTERS = {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S"}
"""First letter of a tag as files have it → as BIOES has it: the last word of a span is L in BILOU, a span of one word is U."""


class TagError(ValueError):
    """A tag that cannot stand where it stands; `position` is its index in the sentence."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


def usual_tag(tag: str) -> str:
    """Return a tag with the letters of BIOES, in capitals: `U-PER` and `s-PER` are `S-PER`; what is no tag stays as it is."""
    prefix, hyphen, entity = tag.partition("-")
    if tag in {"o", OUTSIDE}:
        return OUTSIDE
    letter = LETTERS.get(prefix.upper())
    return f"{letter}-{entity}" if letter and hyphen and entity else tag


def entity_of(tag: str) -> str | None:
    """Return the type of a tag, `PER` of `B-PER`; None for `O` and for what is no tag."""
    prefix, _, entity = tag.partition("-")
    return entity if prefix in {"B", "I", "E", "S"} and entity else None


def breaks_scheme(tags: Sequence[str], scheme: Scheme) -> TagError | None:
    """Return the first tag of a sentence that the scheme does not allow where it stands; None: all are in order."""
    closed = {"E", "S"} if scheme == "BIOES" else set()
    before, entity_before = OUTSIDE, None
    for position, tag in enumerate([*tags, OUTSIDE]):
        prefix, entity = tag[:1], entity_of(tag)
        if tag != OUTSIDE and (entity is None or prefix not in PREFIXES[scheme]):
            return TagError(position, f"{tag!r} is no tag of {scheme}: O, or {', '.join(PREFIXES[scheme])} with -TYPE")
        goes_on = entity is not None and entity == entity_before and before not in closed
        if scheme == "IOB1" and prefix == "B" and not goes_on:
            return TagError(position, f"{tag} does not follow another {entity}, as B does in IOB1")
        if scheme != "IOB1" and prefix in {"I", "E"} and not goes_on:
            return TagError(position, f"{tag} begins an entity, which B does in {scheme}")
        if scheme == "BIOES" and before in {"B", "I"} and prefix not in {"I", "E"}:
            return TagError(min(position, len(tags) - 1), f"the {entity_before} before has no end, which E is in BIOES")
        before, entity_before = prefix, entity
    return None


def to_iob2(tags: Sequence[str], scheme: Scheme) -> list[str]:
    """Return the same spans in IOB2.

    With scheme `IOB1` any B begins a span, also where IOB1 needs none: this is how conlleval reads tags.

    Raises
    ------
    TagError
        A tag that the scheme does not know, or (IOB2, BIOES) that cannot stand where it stands.
    """
    error = breaks_scheme(["I" + tag[1:] if tag[:2] == "B-" else tag for tag in tags] if scheme == "IOB1" else tags, scheme)
    if error is not None:
        raise error
    converted, entity_before = [], None
    for tag in tags:
        entity = entity_of(tag)
        if entity is None:
            converted.append(OUTSIDE)
        else:
            begins = tag[0] in "BS" or entity != entity_before
            converted.append(f"{'B' if begins else 'I'}-{entity}")
        entity_before = entity
    return converted
