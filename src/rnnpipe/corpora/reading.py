"""A corpus of any format as typed examples, split by split."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.columns import Tagging, learn_tagging, read_sentences
from rnnpipe.corpora.examples import Document, Example
from rnnpipe.corpora.labelled import learn_labels, read_labelled
from rnnpipe.corpora.splits import split_of
from rnnpipe.corpora.text import read_texts
from rnnpipe.params import ColumnsCorpus, LabelledCorpus, TextCorpus

AnyCorpus = TextCorpus | LabelledCorpus | ColumnsCorpus


@dataclass(frozen=True)
class CorpusReader:
    """Reads a corpus' files; what its entry leaves open (labels, tags) is learned from the train split."""

    corpus: AnyCorpus
    raw: Path
    """Folder of the corpus' files."""
    seed: int
    """Decides which texts of the train file are held out."""
    labels: tuple[str, ...] = ()
    tagging: Tagging | None = None

    @classmethod
    def open(cls, corpus: AnyCorpus, raw: Path, seed: int) -> "CorpusReader":
        """Look for the files and learn labels or tags. Raises RnnpipeError where something is wrong with them."""
        if not raw.is_dir():
            raise RnnpipeError(f"{raw}: no such folder; put the corpus' files there and run `dvc add {raw}`")
        if isinstance(corpus, LabelledCorpus):
            return cls(corpus, raw, seed, labels=learn_labels(corpus, raw))
        if isinstance(corpus, ColumnsCorpus):
            return cls(corpus, raw, seed, tagging=learn_tagging(corpus, raw))
        return cls(corpus, raw, seed)

    @property
    def splits(self) -> list[str]:
        """Names of all splits, those held out of train last."""
        return [*self.corpus.splits, *self.corpus.hold_out]

    def examples(self) -> Iterator[tuple[str, Example]]:
        """Yield (split, example) for all examples of the corpus, file after file.

        Raises
        ------
        RnnpipeError
            A split whose examples are all blank, a train split of one label, or what the reader of the format refuses.
        """
        found, labels = dict.fromkeys(self.splits, 0), set()
        for split in self.corpus.splits:
            for example in self._file(split):
                part = split_of(example.text, self.corpus.hold_out, self.seed) if split == "train" else split
                found[part] += not example.is_blank
                if part == "train" and isinstance(example, Document):
                    labels.add(example.label)
                yield part, example
        for split, count in found.items():
            if not count:
                spec = self.corpus.splits.get(split, self.corpus.splits["train"])
                cure = "hold out another share" if self.corpus.hold_out else "put text there"
                raise RnnpipeError(f"{self.raw / spec}: holds no text for split {split!r}; {cure}")
        if isinstance(self.corpus, LabelledCorpus) and len(labels) == 1 and "train" not in self.corpus.unlabelled:
            told = f"every text of the split train has the label {labels.pop()!r}, and a classifier needs two"
            cure = f"set label_column (it is {self.corpus.label_column!r}), or for language models alone `unlabelled: [train]`"
            raise RnnpipeError(f"{self.raw / self.corpus.splits['train']}: {told}; {cure}")

    def _file(self, split: str) -> Iterator[Example]:
        if isinstance(self.corpus, LabelledCorpus):
            return read_labelled(self.corpus, self.raw, split, self.labels)
        if isinstance(self.corpus, ColumnsCorpus) and self.tagging:
            return read_sentences(self.corpus, self.raw, split, self.tagging)
        if isinstance(self.corpus, TextCorpus):
            return read_texts(self.corpus, self.raw, split)
        raise TypeError("a corpus with tags is opened by CorpusReader.open")
