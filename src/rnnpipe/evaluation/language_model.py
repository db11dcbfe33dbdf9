"""The report of a trained language model."""

from __future__ import annotations

from collections.abc import Sequence

from rnnpipe.evaluation.adapted import cached, dynamic
from rnnpipe.evaluation.language_model_report import LanguageModelReport, ask_language_model
from rnnpipe.evaluation.perplexities import Adapted, Scores
from rnnpipe.inference import TrainedLanguageModel, TrainedModel
from rnnpipe.params.evaluation import CacheGrid, DynamicGrid
from rnnpipe.text.encoded import EncodedCorpus


def report(
    trained: TrainedModel,
    corpus: EncodedCorpus,
    seed: int,
    cache_grid: CacheGrid | None = None,
    dynamic_grid: DynamicGrid | None = None,
    surprisal: bool = False,
) -> LanguageModelReport:
    """Ask a trained model everything that the corpus allows to ask.

    Parameters
    ----------
    trained : TrainedModel
        Of a stream, where a grid is given.
    corpus : EncodedCorpus
        With the split `valid`, where a grid is given.
    seed : int
        For the sentences that are drawn.
    cache_grid, dynamic_grid : optional
        What is tried of the two forms that adapt; None: they are not asked.
    surprisal : bool, default=False
        Whether the surprisal of each word of `test` is told.
    """
    model = TrainedLanguageModel(trained)

    def adapt(static: Scores) -> Sequence[Adapted]:
        found = [cached(model, corpus, static, cache_grid)] if cache_grid else []
        return [*found, dynamic(model, corpus, list(static), dynamic_grid)] if dynamic_grid else found

    known: dict[str, float] = {"parameters": trained.parameters}
    return ask_language_model(model, corpus, seed, known, adapt, surprisal, continues=not model.reads_backward)
