r"""How text becomes words: a tokenizer of the Rust library `tokenizers`, made from a corpus' entry and kept with each model.

It only cuts and normalises; which words have an id is the vocabulary's matter, so its own model knows `<unk>` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.remembered import Remembered

Words = Literal["words", "whitespace", "characters", "characters_and_spaces"]

SPACE = "▁"
"""The white space between two words, as a character among others."""

WORD = "\\w+(?:['’\u200c\u200d]\\w+)*"
"""Letters, marks and digits of any script, also joined by an apostrophe (don't) or a zero-width joiner (Persian, Hindi)."""
PATTERNS: dict[tuple[Words, bool], str] = {
    ("words", True): WORD + "|[^\\w\\s]",
    ("words", False): WORD,
    ("whitespace", True): "\\S+",
    ("whitespace", False): "\\S*\\w\\S*",
    ("characters", True): "\\S\\p{M}*",  # a letter keeps its combining marks
    ("characters_and_spaces", True): "\\S\\p{M}*",
}


def build_tokenizer(
    words: Words = "words", *, punctuation: bool = True, html_breaks: bool = True, lowercase: bool = False
) -> Tokenizer:
    """Build a tokenizer.

    Parameters
    ----------
    words : {"words", "whitespace", "characters", "characters_and_spaces"}, default="words"
        Cut into words and single punctuation marks, at white space only, into characters without the white space, or into
        characters among which white space is `SPACE`.
    punctuation : bool, default=True
        Whether punctuation marks are words; of `whitespace` False drops the words that hold no letter, mark or digit, and
        characters have no say in it.
    html_breaks : bool, default=True
        False: `<br />` is a space.
    lowercase : bool, default=False
        Whether words are written small, in any script that has capitals.
    """
    steps: list[normalizers.Normalizer] = []
    if not html_breaks:
        steps.append(normalizers.Replace("<br />", " "))
    if lowercase:
        steps.append(normalizers.Lowercase())
    if words == "characters_and_spaces":
        steps.append(normalizers.Replace(Regex("\\s+"), SPACE))
    pattern = PATTERNS[words, punctuation or words.startswith("characters")]
    tokenizer = Tokenizer(WordLevel({"<unk>": 0}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = Split(Regex(pattern), behavior="removed", invert=True)
    return tokenizer


def load_tokenizer(path: Path) -> Tokenizer:
    """Read a tokenizer's JSON file.

    Raises
    ------
    RnnpipeError
        The file is missing or damaged.
    """
    try:
        return Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises bare Exception
        raise RnnpipeError(f"{path}: no tokenizer ({error}); run the stage that writes it again") from None


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """Write a tokenizer as JSON."""
    path.write_text(tokenizer.to_str(pretty=True) + "\n", encoding="utf-8", newline="\n")


def tokenize(tokenizer: Tokenizer, text: str) -> list[tuple[str, int, int]]:
    """Return (token, start, end) for each word of a text: text[start:end] is the word as it stands in the text."""
    tokens, spans, _ = BatchTokenizer(tokenizer).tokenize([text])
    return [(token, int(start), int(end)) for token, (start, end) in zip(tokens, spans, strict=True)]


def text_of(words: Sequence[str], joined_by: str) -> str:
    """Return the text that words make: joined as those of their corpus are (`CorpusMeta.joined_by`)."""
    text = joined_by.join(words)
    return text if joined_by else text.replace(SPACE, " ")


class BatchTokenizer:
    """Tokenizes many texts at once; the Rust library takes as many threads as `RAYON_NUM_THREADS` says."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._normalised = Remembered(tokenizer.normalizer.normalize_str)

    def tokenize(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.int32], NDArray[np.int32]]:
        """Return the tokens of all texts, one after the other.

        Returns
        -------
        tokens : list of str, length N
        spans : ndarray of shape (N, 2), dtype=int32
            Start and end of each token, in characters of its text.
        lengths : ndarray of shape (len(texts),), dtype=int32
            Tokens of each text.
        """
        offsets = [encoding.offsets for encoding in self._tokenizer.encode_batch(texts, add_special_tokens=False)]
        lengths = np.array([len(spans) for spans in offsets], dtype=np.int32)
        flat = np.fromiter(chain.from_iterable(chain.from_iterable(offsets)), dtype=np.int32, count=2 * int(lengths.sum()))
        normalised = self._normalised
        tokens = [normalised[text[start:end]] for text, spans in zip(texts, offsets, strict=True) for start, end in spans]
        return tokens, flat.reshape(-1, 2), lengths

    def normalise(self, words: Sequence[str]) -> list[str]:
        """Return words that are cut already in the form that tokens have: in small letters, if so built."""
        return [self._normalised[word] for word in words]
