"""Parameters of the tasks: language model, long term, sentiment, named entities."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Name, Rate, Score, Strict
from rnnpipe.params.evaluation import LanguageModelEvaluation
from rnnpipe.params.network import LanguageModelNetwork, Network, Pooling
from rnnpipe.params.run import Run
from rnnpipe.params.sections import Section
from rnnpipe.params.tagging import NerRun

Weight = Annotated[float, Field(ge=0.0)]


class LanguageModelRun(Run):
    """Next-word prediction."""

    title: ClassVar[str] = "Language models"
    score: ClassVar[Score] = Score("perplexity.test", "perplexity", 2, higher_is_better=False)
    directions: ClassVar[dict[str, bool]] = {"perplexity": False, "loss": False}

    network: LanguageModelNetwork
    selection: Literal["perplexity", "loss"] = "perplexity"
    batching: Literal["sentences", "stream"] = "sentences"
    """`sentences`: each document on its own, from a zero state; `stream`: one after the other, the state carried on."""
    direction: Literal["forward", "backward"] = "forward"
    """`backward`: from the end of the text to its beginning, each word from those behind it. Such a model scores texts and
    continues none; beside a forward one it is what classifiers and taggers can be built on."""
    bptt: Count = 35
    """Length of a window of the stream, in tokens."""
    bptt_spread: Weight = 0.0
    """Standard deviation of the length, in tokens: where it is not 0, lengths are drawn anew in each epoch, one in 20 about half
    of `bptt`, and the learning rate of a step is scaled by its length over `bptt` (Merity et al. 2018, section 4.1)."""
    activation_regularisation: Weight = 0.0
    """AR: what the mean square of the states that the head reads adds to the loss, times this (Merity et al. 2017)."""
    temporal_regularisation: Weight = 0.0
    """TAR: what the mean square of the change of the last layer's output from word to word adds to the loss, times this."""

    @model_validator(mode="after")
    def _windows_are_of_a_stream(self) -> LanguageModelRun:
        if self.bptt_spread and self.batching != "stream":
            raise ValueError("bptt_spread: sentences are read whole; set batching: stream, or leave it out")
        if self.bptt_spread >= self.bptt:
            raise ValueError(f"bptt_spread: must be below bptt, {self.bptt}; AWD-LSTM has 5 for a bptt of 70")
        return self


class LanguageModelSection(Section[LanguageModelRun]):
    """Runs, and what is asked of all of them."""

    evaluation: LanguageModelEvaluation = LanguageModelEvaluation()
    """Said once for all runs, beside them, so that a change of it trains nothing."""

    def adapts(self, name: str, form: str) -> bool:
        """Tell whether a run is asked how it does in an adaptive form, `cache` or `dynamic`."""
        asked = self.evaluation
        named = asked.adaptive is None or name in asked.adaptive
        run = self.runs[name]
        return getattr(asked, form) is not None and named and run.batching == "stream" and run.direction == "forward"


class LongTermRun(LanguageModelRun):
    """A language model that is asked how far back it remembers, trained once for each trial of its section."""

    title: ClassVar[str] = "Long term"
    score: ClassVar[Score] = Score("agreement.long.mean", "agreement over long distances", 1, " %")

    @model_validator(mode="after")
    def _pairs_begin_at_their_beginning(self) -> LongTermRun:
        if self.direction == "backward":
            raise ValueError("direction: minimal pairs ask for the word behind a beginning; leave it out")
        return self


class SentimentNetwork(Network):
    """Network of a classifier."""

    pooling: Pooling = "last"
    """How the states at all words become one: what each direction ends with, or mean or maximum over the words."""


class SentimentRun(Run):
    """One label for a whole text."""

    title: ClassVar[str] = "Sentiment"
    score: ClassVar[Score] = Score("accuracy.test", "accuracy", 1, " %")
    directions: ClassVar[dict[str, bool]] = {"accuracy": True, "macro_f1": True, "loss": False}
    needs: ClassVar[str | None] = "labelled"

    network: SentimentNetwork
    selection: Literal["accuracy", "macro_f1", "loss"] = "accuracy"
    max_length: Count | None = None
    """Only the last so many words are read (the lecture's T); None: all."""


class Trial(Strict):
    """What one training of a run of the section `long_term` has of its own."""

    learning_rate: Rate
    """In the place of the run's."""
    seed: int
    """In the place of the run's."""


class LongTermSection(Section[LongTermRun]):
    """Each run is trained once for each trial: `<run>/<trial>` is one training. All of them read one corpus."""

    corpus: Name | None = None
    """An entry of `corpora` with minimal pairs, for all runs."""
    embedding: Name | None = None
    """An embedding, for all runs."""
    trials: dict[Name, Trial] = {}
    """The same for all runs; of the learning rates the best is chosen on the validation split, by the mean over its seeds."""

    @model_validator(mode="before")
    @classmethod
    def _runs_share_the_corpus(cls, values: Any) -> Any:
        if not (isinstance(values, dict) and values.get("runs")):
            return values
        for field in ("corpus", "embedding"):
            if not values.get(field):
                raise ValueError(f"{field}: is missing; all runs of this section have the same")
            own = [name for name, run in values["runs"].items() if isinstance(run, dict) and field in run]
            if own:
                raise ValueError(f"runs.{own[0]}.{field}: is said once for all runs, beside them")
        shared = {"corpus": values["corpus"], "embedding": values["embedding"]}
        runs = {name: {**shared, **run} if isinstance(run, dict) else run for name, run in values["runs"].items()}
        return {**values, "runs": runs}

    def find(self, name: str) -> LongTermRun:
        """Return one training, `<run>/<trial>`, or a run without what a trial has of its own."""
        run_name, _, trial = name.partition("/")
        run = super().find(run_name)
        if not trial:
            return run
        own = self.trials[trial]
        optimizer = run.optimizer.model_copy(update={"learning_rate": own.learning_rate})
        return run.model_copy(update={"optimizer": optimizer, "seed": own.seed})


class TaskSections(Strict):
    """The sections of params.yaml whose runs train a recurrent network."""

    language_model: LanguageModelSection = LanguageModelSection()
    """Next-word prediction, by `train_language_model`."""
    long_term: LongTermSection = LongTermSection()
    """How far back each cell remembers, by `train_long_term`."""
    sentiment: Section[SentimentRun] = Section()
    """A label for a whole text, by `train_sentiment`."""
    ner: Section[NerRun] = Section()
    """A tag for each word, by `train_ner`."""


def run_class(section: str) -> type[Run]:
    """Return the class of the runs of one of the sections above."""
    annotation = TaskSections.model_fields[section].annotation
    assert isinstance(annotation, type) and issubclass(annotation, Section)
    found: type[Run] = annotation.model_fields["runs"].annotation.__args__[1]  # type: ignore[union-attr]
    return found
