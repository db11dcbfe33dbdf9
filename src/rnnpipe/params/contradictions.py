"""What each value of params.yaml allows and all together do not: refused at once, before any stage runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from rnnpipe.params.baselines import MixedRun, NgramRun
from rnnpipe.params.corpora import LabelledCorpus
from rnnpipe.params.grammars import FeatureGrammar
from rnnpipe.params.network import LanguageModelNetwork
from rnnpipe.params.run import Run
from rnnpipe.params.sections import Section
from rnnpipe.params.tasks import LanguageModelRun

if TYPE_CHECKING:
    from rnnpipe.params.document import Params

HAVE = {"labelled": "labels", "columns": "tags"}
"""Format of a corpus → what its texts have."""


def contradictions(params: Params) -> Iterator[str]:
    """Yield a line for each contradiction: its key, what is wrong, and what would be in order."""
    for path, run in _runs(params):
        yield from _corpus_fits(params, path, run)
        if isinstance(run, Run) and isinstance(run.network, LanguageModelNetwork) and run.network.tied:
            yield from _tied_fits(params, path, run)
    for path, corpus, splits in _read(params):
        yield from _splits_exist(params, path, corpus, splits)
    for name, glove in params.glove.runs.items():
        if glove.corpus not in params.cooccurrence:
            yield f"glove.runs.{name}.corpus: {glove.corpus!r} is not counted; add an entry cooccurrence.{glove.corpus}"
    for name, evaluation in params.embedding_evaluation.items():
        grammar = params.grammars.get(evaluation.corpus)
        if evaluation.truth == "grammar" and not isinstance(grammar, FeatureGrammar):
            yield f"embedding_evaluation.{name}.truth: no feature grammar made {evaluation.corpus!r}; set truth: published"
    yield from chain(_adaptive_are_streams(params), _can_be_mixed(params), _states_can_be_read(params))
    if params.long_term.runs and not params.long_term.trials:
        yield "long_term.trials: is missing; each of them is a learning rate and a seed that all runs are trained with"
    for corpus in params.report.imdb.corpora if params.report.imdb else ():
        if corpus not in params.corpora:
            yield f"report.imdb.corpora: {corpus!r} is not one of {', '.join(sorted(params.corpora))}"


def _runs(params: Params) -> Iterator[tuple[str, Any]]:
    """Yield (path, run) of all runs that read a corpus for a task."""
    for section in type(params).model_fields:
        value = getattr(params, section)
        if isinstance(value, Section):
            yield from ((f"{section}.runs.{name}", run) for name, run in value.runs.items() if hasattr(run, "needs"))


def _read(params: Params) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (path, corpus, splits) of all that read splits of a corpus for something else."""
    for section in ("word2vec", "window"):
        for name, run in getattr(params, section).runs.items():
            yield f"{section}.runs.{name}.splits", run.corpus, run.splits
    for name, clipping in params.clipping.items():
        yield f"clipping.{name}.corpus", clipping.corpus, ("valid",)
    for corpus, settings in params.cooccurrence.items():
        yield f"cooccurrence.{corpus}.splits", corpus, settings.splits


def _corpus_fits(params: Params, path: str, run: Any) -> Iterator[str]:
    corpus = params.corpora.get(run.corpus)
    if corpus is None:
        return
    if run.needs and corpus.format != run.needs:
        yield f"{path}.corpus: {run.corpus!r} has no {HAVE[run.needs]} (format {corpus.format}); name one of format {run.needs}"
    if isinstance(corpus, LabelledCorpus) and run.needs and "train" in corpus.unlabelled:
        yield f"{path}.corpus: the split train of {run.corpus!r} is unlabelled; name a corpus with labels"
    if isinstance(run, Run):
        yield from _splits_exist(params, f"{path}.corpus", run.corpus, ("valid",))


def _splits_exist(params: Params, path: str, corpus: str, splits: tuple[str, ...]) -> Iterator[str]:
    entry = params.corpora.get(corpus)
    known = {**entry.splits, **entry.hold_out} if entry else {}
    for split in splits:
        if entry and split not in known:
            yield f"{path}: {corpus!r} has no split {split!r}, but {', '.join(known)}; name it in its splits or hold_out"


def _tied_fits(params: Params, path: str, run: Run) -> Iterator[str]:
    assert isinstance(run.network, LanguageModelNetwork)
    declared = params.embeddings.get(run.embedding)
    if declared is not None and declared.kind == "one_hot":
        yield f"{path}.network.tied: one-hot vectors are no matrix to be trained; choose another embedding"
        return
    dimension, width = params.dimension_of(run.embedding), run.network.word_width
    if dimension is not None and width is not None and dimension != width:
        part = "the head's bottleneck" if "bottleneck" in run.network.head.options else "the last layer"
        yield (
            f"{path}.network.tied: {part} has {width} numbers and embedding {run.embedding!r} has {dimension}; "
            "change one of them, or set projection: true"
        )


def _adaptive_are_streams(params: Params) -> Iterator[str]:
    path, runs = "language_model.evaluation.adaptive", params.language_model.runs
    for name in params.language_model.evaluation.adaptive or ():
        if name not in runs:
            yield f"{path}: {name!r} is not one of {', '.join(runs) or 'no runs'}"
        elif runs[name].batching != "stream":
            yield f"{path}: {name!r} forgets each sentence before the next; choose runs with batching: stream"


def _can_be_mixed(params: Params) -> Iterator[str]:
    for name, mixed in params.mixed.runs.items():
        yield from _models_exist(params, f"mixed.runs.{name}.models", mixed)
        yield from _splits_exist(params, f"mixed.runs.{name}.corpus", mixed.corpus, ("valid",))


def _models_exist(params: Params, path: str, mixed: MixedRun) -> Iterator[str]:
    known: dict[str, LanguageModelRun | NgramRun] = {**params.language_model.runs, **params.ngram.runs}
    if len(set(mixed.models)) < len(mixed.models):
        yield f"{path}: names a model twice; once is enough"
    for model in mixed.models:
        name, _, form = model.partition(".")
        if name not in known:
            yield f"{path}: {name!r} is not one of {', '.join(known) or 'no runs'}"
        elif getattr(known[name], "direction", "forward") == "backward":
            yield f"{path}: {name!r} reads backward: its probability of a word is not of the same event; mix forward models"
        elif known[name].corpus != mixed.corpus:
            yield f"{path}: {name!r} is of corpus {known[name].corpus!r}; mix models of {mixed.corpus!r}"
        elif form in ("cache", "dynamic") and not (
            name in params.language_model.runs and params.language_model.adapts(name, form)
        ):
            yield f"{path}: {model!r} is not made; set language_model.evaluation.{form}, for a run with batching: stream"


def _states_can_be_read(params: Params) -> Iterator[str]:
    plain = sorted(params.embedding_names - params.contextual.keys())
    for name, entry in params.contextual.items():
        if entry.words not in plain:
            yield f"contextual.{name}.words: {entry.words!r} is not one of {', '.join(plain) or 'no embeddings'}"
        for direction in ("forward", "backward"):
            yield from _reads_characters(params, f"contextual.{name}.{direction}", getattr(entry, direction), direction)
    for name, run in params.ner.runs.items():
        states, path = params.contextual.get(run.embedding), f"ner.runs.{name}.network.contextual"
        if run.network.contextual and states is None:
            known = ", ".join(params.contextual) or "add one"
            yield f"{path}: {run.embedding!r} has no states of language models; set embedding to one of contextual: {known}"
        elif run.network.contextual and states is not None and states.corpus != run.corpus:
            yield f"{path}: the states of {run.embedding!r} are of corpus {states.corpus!r}; add an entry contextual of this one"


def _reads_characters(params: Params, path: str, name: str, direction: str) -> Iterator[str]:
    run = params.language_model.runs.get(name)
    if run is None:
        yield f"{path}: {name!r} is not one of {', '.join(params.language_model.runs) or 'no runs'} of language_model"
    elif run.direction != direction:
        yield f"{path}: {name!r} reads {run.direction}; name a run of direction: {direction}"
    elif run.embedding in params.contextual:
        yield f"{path}: {name!r} is trained with contextual vectors itself; name a run with another embedding"
    elif getattr(params.corpora[run.corpus], "words", None) != "characters_and_spaces":
        yield f"{path}: {name!r} reads words; name a run whose corpus is cut into words: characters_and_spaces"
