"""Parameters of corpora: where raw text comes from, and how it becomes words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Name, Share, Strict


class Download(Strict):
    """A corpus or a vectors file that `fetch_corpus` gets from its publisher or from the mirror `RNNPIPE_MIRROR`."""

    file: str
    """Name of the publisher's file, looked for in the mirror first."""
    urls: tuple[str, ...] = ()
    """Addresses tried in this order; empty where the publisher gives the file out by licence only."""
    checksums: tuple[Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64}|md5:[0-9a-f]{32})$")], ...]
    """`sha256:…` or `md5:…` of each form of the file that is accepted."""
    extract: dict[str, str]
    """Target in `data/raw/<corpus>/` → member of the archive. A pattern with placeholders, such as
    `train/{label}/{id}_{rating}.txt`, gathers all members it fits into one JSON-lines file: the placeholders and `text`."""
    licence: str
    """Of the text."""


class JoinedCorpus(Strict):
    """Two corpora as one text, `train.txt` in `data/raw/<corpus>/`: a document a line, a space between its words."""

    first: Name
    """An entry of `corpora`, whose documents stand first."""
    second: Name
    """Another entry of `corpora`."""
    splits: dict[Name, tuple[Name, ...]]
    """For each of the two the splits that are taken, in this order."""
    lowercase: bool = False
    """Whether letters are made small."""

    @model_validator(mode="after")
    def _splits_of_both(self) -> JoinedCorpus:
        if self.first == self.second or set(self.splits) != {self.first, self.second}:
            raise ValueError("splits: must name the splits of first and of second, which are two different corpora")
        return self


class VocabularySettings(Strict):
    """Which words of the train split get an id of their own; all others are `<unk>`."""

    size: Count | None = None
    """Most words, `<pad> <unk> <eos>` apart; None: no bound (the lecture: the top 10,000)."""
    min_count: Count = 1
    """Occurrences in the train split below which a word is `<unk>`."""


class CorpusBase(Strict):
    """What corpora of all formats have in common."""

    splits: dict[Name, str]
    """Split → file in `data/raw/<corpus>/`, or a pattern such as `train/{label}/{id}_{rating}.txt`. `train` is required."""
    raw: Name | None = None
    """The corpus whose raw files this one takes; filled in from the section `shared`. Both hold out the same texts."""
    hold_out: dict[Name, Share] = {}
    """Split → share of `train` that becomes this split, by a seeded hash of the text: equal texts stay together."""
    lowercase: bool = False
    """Whether letters are made small."""
    vocabulary: VocabularySettings = VocabularySettings()
    licence: str
    """Of the text; shown, not judged."""

    @model_validator(mode="after")
    def _splits_are_complete(self) -> CorpusBase:
        if "train" not in self.splits:
            raise ValueError("splits: 'train' is missing")
        twice = sorted(set(self.splits) & set(self.hold_out))
        if twice:
            raise ValueError(f"hold_out: {twice[0]!r} stands in splits too")
        if sum(self.hold_out.values()) >= 1:
            raise ValueError("hold_out: the shares leave nothing for train")
        return self


class TextTokens(Strict):
    """How running text is cut into words."""

    words: Literal["words", "whitespace", "characters", "characters_and_spaces"] = "words"
    """`words`: words and single punctuation marks; `whitespace`: the text is tokenized already; `characters` without the white
    space, or with it, so that a language model writes words apart."""
    punctuation: Literal["keep", "drop"] = "keep"
    """Keep punctuation marks as words or drop them, as the lecture leaves open (not of characters)."""
    html_breaks: Literal["keep", "remove"] = "keep"
    """`remove`: `<br />` is a space."""


class PairFile(Strict):
    """Minimal pairs that people wrote: one beginning of a sentence, two words, one of them right."""

    file: str
    """In `data/raw/<corpus>/`; of `linzen` the name that three files have before `.text`, `.gold` and `.eval`."""
    format: Literal["pairs", "gulordava", "linzen"] = "pairs"
    """`pairs`: columns distance, prefix, good, bad and perhaps group and attractors; `gulordava`: `generated.tab` of Gulordava et
    al. 2018; `linzen`: the sentences of Linzen et al. 2016 as Gulordava et al. give them out."""


class TextCorpus(CorpusBase, TextTokens):
    """Plain text."""

    format: Literal["text"]
    """Plain text."""
    unit: Literal["line", "file"] = "line"
    """What a document is: a line (a sentence or paragraph), or a whole file; blank files are skipped."""
    blank_lines: Literal["keep", "skip"] = "skip"
    """`keep`: a blank line is a document without words. A language model predicts the end of each document, so the standard
    counts of WikiText, in which every line ends in `<eos>`, need `keep`."""
    pairs: dict[Name, PairFile] = {}
    """Group → file of minimal pairs; none: `pairs.tsv`, where there is one."""

    @model_validator(mode="after")
    def _blank_lines_are_documents(self) -> TextCorpus:
        if self.blank_lines == "keep" and self.unit == "file":
            raise ValueError("blank_lines: keep is for documents that are lines (unit: line)")
        if self.blank_lines == "keep" and self.hold_out:
            raise ValueError("blank_lines: keep is for splits from files; hold_out would put all blank lines into one split")
        return self


class LabelledCorpus(CorpusBase, TextTokens):
    """Texts with one label each: CSV, TSV, JSON lines (by suffix), or a pattern of files with `{label}`."""

    format: Literal["labelled"]
    """Texts with a label each."""
    text_column: str = "text"
    """Column or key of the text."""
    label_column: str = "label"
    """Column or key of the label."""
    labels: tuple[str, ...] | None = None
    """The labels in the order of their ids; None: those of the train split, sorted."""
    unlabelled: tuple[Name, ...] = ()
    """Splits without labels, for embeddings and language models only."""

    @model_validator(mode="after")
    def _each_label_once(self) -> LabelledCorpus:
        labels = [" ".join(label.split()) for label in self.labels or ()]
        if "" in labels or len(set(labels)) < len(labels):
            raise ValueError("labels: each must be a text of its own that is not empty; white space around it is none of it")
        return self


class ColumnsCorpus(CorpusBase):
    """CoNLL files: one token and its tag a line, a blank line after each sentence. Tokens are kept as they are."""

    format: Literal["columns"]
    """CoNLL columns."""
    token_column: int = 0
    """Column of the token, from 0."""
    tag_column: int = -1
    """Columns count from 0; negative ones from the end."""
    separator: Literal["whitespace", "tab"] = "whitespace"
    """Between the columns."""
    scheme: Literal["auto", "IOB1", "IOB2", "BIOES", "BILOU"] = "auto"
    """How spans are tagged; `auto`: found out from the train split. BILOU is read as BIOES, and small letters as capitals."""
    entities: tuple[str, ...] | None = None
    """Types of entities; None: those of the train split."""
    features: dict[Name, int] = {}
    """Name → column that says something else about each word, its part of speech say, for networks that ask for it
    (`network.features`); columns as for the tag."""


Corpus = Annotated[TextCorpus | LabelledCorpus | ColumnsCorpus, Field(discriminator="format")]
