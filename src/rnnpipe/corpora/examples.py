"""What every corpus is read into, whatever its files look like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and its label where the corpus has labels."""

    text: str
    label: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but white space."""
        return not self.text or self.text.isspace()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with one tag each."""

    tokens: list[str]
    tags: list[str]

    @property
    def text(self) -> str:
        """The words joined by one space."""
        return " ".join(self.tokens)

    @property
    def is_blank(self) -> bool:
        """Never: a blank line of CoNLL parts sentences."""
        return False


Example = Document | Sentence
