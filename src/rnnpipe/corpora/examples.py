"""What every corpus is read into, whatever its files look like."""

from collections.abc import Sequence
from dataclasses import dataclass

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Unicode and tokenizers call so; `str.isspace` says it of U+001C to U+001F too."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and its label where the corpus has labels."""

    text: str
    label: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but white space, and so no word."""
        return not self.text.strip(WHITE_SPACE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with one tag each."""

    tokens: list[str]
    tags: list[str]
    article: int = 0
    """Which article of its file it stands in, counted from 0; 0 of all where the file does not part any."""
    features: Sequence[list[str]] = ()
    """For each of the entry's `features` the value at each word."""

    @property
    def text(self) -> str:
        """The words joined by one space."""
        return " ".join(self.tokens)

    @property
    def is_blank(self) -> bool:
        """Never: a blank line of CoNLL parts sentences."""
        return False


Example = Document | Sentence
