"""What every corpus is read into, whatever its files look like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and its label where the corpus has labels."""

    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with one tag each."""

    tokens: list[str]
    tags: list[str]

    @property
    def text(self) -> str:
        """The words joined by one space."""
        return " ".join(self.tokens)


Example = Document | Sentence
