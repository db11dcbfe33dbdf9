"""The whole of `params.yaml` as one strictly checked value."""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Any

from pydantic import model_validator

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.base import NO_RESULT, Count, Name
from rnnpipe.params.baselines import BagOfWordsRun, FeatureTaggerRun, MixedRun, MlpRun, NgramRun
from rnnpipe.params.clashes import clashes
from rnnpipe.params.clipping import ClippingSettings
from rnnpipe.params.contradictions import contradictions
from rnnpipe.params.corpora import Corpus, Download, JoinedCorpus
from rnnpipe.params.embeddings import (
    ContextualEmbedding,
    CooccurrenceSettings,
    DeclaredEmbedding,
    EmbeddingEvaluation,
    GloVeRun,
    ImportedEmbedding,
    SoftmaxSettings,
    WindowRun,
    Word2VecRun,
)
from rnnpipe.params.grammars import Grammar
from rnnpipe.params.registry import Registry
from rnnpipe.params.report import Report
from rnnpipe.params.run import Run
from rnnpipe.params.sections import Section
from rnnpipe.params.tasks import TaskSections


class Params(TaskSections):
    """The whole of `params.yaml`: one field for each section."""

    seed: int
    """Every random number of the pipeline derives from this one."""
    downloads: dict[Name, Download] = {}
    """Published corpora and vectors, fetched and verified by `fetch_corpus`."""
    grammars: dict[Name, Grammar] = {}
    """Sample corpora drawn from a grammar of which the optimum is known, by `generate_corpus`."""
    corpora: dict[Name, Corpus] = {}
    """How the raw text of a corpus, `data/raw/<corpus>/`, becomes words: a format, splits, a vocabulary."""
    joined: dict[Name, JoinedCorpus] = {}
    """Two corpora as one text, by `join_corpora`."""
    shared: dict[Name, Name] = {}
    """Corpus → the one whose raw files it takes, to cut them into words in another way."""
    counting_shards: tuple[Count, ...] = (1,)
    """1, 2, … n: each corpus is counted in n parts, each a job of its own; the counts do not depend on n. Of all that may be left
    out this alone must stand in a project's params.yaml: dvc.yaml can fill in a section, but not a list."""
    cooccurrence: dict[Name, CooccurrenceSettings] = {}
    """Corpora whose pairs of words are counted for GloVe, by `count_cooccurrence`."""
    embeddings: dict[Name, DeclaredEmbedding] = {}
    """Embeddings without pretraining, by `declare_embedding`."""
    word2vec: Section[Word2VecRun] = Section()
    """Word2Vec, by `pretrain_word2vec`."""
    glove: Section[GloVeRun] = Section()
    """GloVe, by `pretrain_glove`."""
    window: Section[WindowRun] = Section()
    """The lecture's network that learns word vectors, by `pretrain_window`."""
    imported: dict[Name, ImportedEmbedding] = {}
    """Published vectors, by `import_embedding`."""
    contextual: dict[Name, ContextualEmbedding] = {}
    """Word vectors with the states of language models beside them, by `embed_context`."""
    embedding_evaluation: dict[Name, EmbeddingEvaluation] = {}
    """Embedding → the questions that `evaluate_embeddings` asks of it."""
    softmax: dict[Name, SoftmaxSettings] = {}
    """What the softmax and its cheaper stand-ins cost, by `measure_softmax`."""
    clipping: dict[Name, ClippingSettings] = {}
    """The same trainings with and without clipping, by `measure_clipping`."""
    ngram: Section[NgramRun] = Section()
    """Kneser-Ney n-grams, what a language model has to beat, by `fit_ngram`."""
    mixed: Section[MixedRun] = Section()
    """Several language models as one, by `fit_mixed`."""
    bag_of_words: Section[BagOfWordsRun] = Section()
    """Logistic regression on counts of words, what a classifier has to beat, by `fit_bag_of_words`."""
    feature_tagger: Section[FeatureTaggerRun] = Section()
    """Taggers without a network, what a tagger has to beat, by `fit_feature_tagger`."""
    mlp: Section[MlpRun] = Section()
    """The lecture's standard network, by `fit_mlp`."""
    registry: Annotated[Registry, NO_RESULT] = Registry()
    """Which trained models MLflow registers as champions, by `rnnpipe track`."""
    report: Report
    """The page and the table with all runs, by `write_report`."""

    @property
    def embedding_names(self) -> set[str]:
        """Names of all embeddings, whichever stage makes them."""
        return set(self._embedding_sources)

    @property
    def trainings(self) -> dict[str, Run]:
        """Stage that trains a network, as DVC names it → its run."""
        found: dict[str, Run] = {}
        for task in TaskSections.model_fields:
            section = getattr(self, task)
            for name, run in section.runs.items():
                stages = [f"{name}-{trial}" for trial in getattr(section, "trials", ())] or [name]
                found |= {f"train_{task}@{stage}": run for stage in stages}
        return found

    @property
    def _embedding_sources(self) -> list[str]:
        sources = (self.embeddings, self.word2vec.runs, self.glove.runs, self.window.runs, self.imported, self.contextual)
        return [name for section in sources for name in section]

    @model_validator(mode="after")
    def _names_exist(self) -> Params:
        twice = _twice(self._embedding_sources)
        if twice:
            raise ValueError(f"two embeddings are named {twice!r}")
        both = _twice([*self.downloads, *self.grammars, *self.joined, *self.shared])
        if both:
            raise ValueError(f"{both!r} stands in two of downloads, grammars, joined and shared")
        for key, name in self.shared.items():
            _known("shared", key, self.corpora)
            if name == key or name in self.shared:
                raise ValueError(f"shared.{key}: {name!r} has no raw files of its own; name the corpus that has")
        if self.counting_shards != tuple(range(1, len(self.counting_shards) + 1)) or not self.counting_shards:
            raise ValueError("counting_shards: must be 1, 2, … up to the number of parts")
        for path, name in self._references("corpus"):
            _known(path, name, self.corpora)
        for path, name in self._references("embedding"):
            _known(path, name, self.embedding_names)
        for key, entry in self.joined.items():
            for name in entry.splits:
                _known(f"joined.{key}", name, self.corpora)
        for name in self.cooccurrence:
            _known("cooccurrence", name, self.corpora)
        for name in self.embedding_evaluation:
            _known("embedding_evaluation", name, self.embedding_names)
        for wrong in chain(contradictions(self), clashes(self)):
            raise ValueError(wrong)
        return self

    def dimension_of(self, embedding: str) -> int | None:
        """Return the numbers in a vector of an embedding; None where the vocabulary or an imported file decides."""
        if embedding in self.contextual:
            return self.dimension_of(self.contextual[embedding].words)
        if embedding in self.glove.runs:
            run = self.glove.runs[embedding]
            return run.dimension * (2 if run.vectors == "concat" else 1)
        for entries in (self.embeddings, self.word2vec.runs, self.window.runs):
            if embedding in entries:
                found: int | None = entries[embedding].dimension
                return found
        return None

    def run(self, section: str, name: str) -> Any:
        """Return a run of a section; of the section `long_term` also one training of the grid, `<run>/<rate>-<seed>`.

        Raises
        ------
        RnnpipeError
            There is no such run.
        """
        runs: Section[Any] = getattr(self, section)
        try:
            return runs.find(name)
        except KeyError:
            known = ", ".join(runs.runs) or "none"
            raise RnnpipeError(f"params.yaml: {section}.runs.{name}: no such run; there are: {known}") from None

    def _references(self, field: str) -> list[tuple[str, str]]:
        """Return (path, name) of everything that names a corpus or an embedding."""
        found = []
        for section in type(self).model_fields:
            value = getattr(self, section)
            entries = value.runs if isinstance(value, Section) else value
            if isinstance(entries, dict):
                path = f"{section}.runs" if isinstance(value, Section) else section
                found += [(f"{path}.{key}.{field}", getattr(run, field)) for key, run in entries.items() if hasattr(run, field)]
        return found


def _twice(names: list[str]) -> str | None:
    """Return the first name, in the order of the alphabet, that stands there more than once."""
    return next((name for name in sorted(names) if names.count(name) > 1), None)


def _known(path: str, name: str, known: Any) -> None:
    if name not in known:
        raise ValueError(f"{path}: {name!r} is not one of {', '.join(sorted(known))}")
