"""What a corpus' entry in params.yaml says of its words."""

from __future__ import annotations

from tokenizers import Tokenizer

from rnnpipe.params import ColumnsCorpus, LabelledCorpus, TextCorpus
from rnnpipe.text.tokenizer import build_tokenizer


def tokenizer_of(entry: TextCorpus | LabelledCorpus | ColumnsCorpus) -> Tokenizer:
    """Build the tokenizer of a corpus' entry in params.yaml; the words of CoNLL files are cut already."""
    if isinstance(entry, ColumnsCorpus):
        return build_tokenizer(lowercase=entry.lowercase)
    return build_tokenizer(
        entry.words,
        punctuation=entry.punctuation == "keep",
        html_breaks=entry.html_breaks == "keep",
        lowercase=entry.lowercase,
    )


def features_of(entry: TextCorpus | LabelledCorpus | ColumnsCorpus) -> list[str]:
    """Return the names of what is said of each word beside its tag."""
    return list(entry.features) if isinstance(entry, ColumnsCorpus) else []


def joined_by(entry: TextCorpus | LabelledCorpus | ColumnsCorpus) -> str:
    """Return what stands between two words of a text: nothing where the words are characters."""
    return "" if not isinstance(entry, ColumnsCorpus) and entry.words.startswith("characters") else " "


def keeps_words(entry: TextCorpus | LabelledCorpus | ColumnsCorpus) -> bool:
    """Tell whether a grammar's words stay what they are: neither cut into characters nor dropped."""
    return isinstance(entry, ColumnsCorpus) or (not entry.words.startswith("characters") and entry.punctuation == "keep")
