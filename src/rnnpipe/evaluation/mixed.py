"""Several language models as one: a weighted mean of what each says of a word, with weights fitted on the validation split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.perplexities import Form, counts, form_metrics, perplexity_metrics
from rnnpipe.evaluation.scored import read_scores
from rnnpipe.metrics.mixing import mixed, mixture_weights
from rnnpipe.text.encoded import EncodedCorpus


def mixture_metrics(scored: Path, models: Sequence[str], corpus: EncodedCorpus, form: Form) -> dict[str, float]:
    """Mix models, and return perplexities of the mixture and the weight of each model.

    Parameters
    ----------
    scored : Path
        Holds `<run>/<split>.<form>.npy` of each model.
    models : sequence of str
        Runs, `lstm` say, or `lstm.cache` for the run in another form.
    corpus : EncodedCorpus
        That of all of them, with a split `valid`; where a model was scored on its beginning alone, the weights are fitted there.
    form : str
        What the mixture is: as soon as a model of it adapts, it does.

    Raises
    ------
    RnnpipeError
        A model was not scored, or of another text.
    """
    valid = [_scores(scored, model, "valid") for model in models]
    shortest = min(map(len, valid))
    fitted = np.stack([found[:shortest] for found in valid])  # (K, N)
    weights = mixture_weights(fitted)
    scores = {"valid": mixed(fitted, weights)}
    if "test" in corpus.meta["splits"]:
        test = [_scores(scored, model, "test") for model in models]
        if len({len(found) for found in test}) > 1:
            raise RnnpipeError(f"{scored}: {', '.join(models)} were scored on texts of different lengths; evaluate them again")
        scores["test"] = mixed(np.stack(test), weights)
    shown = perplexity_metrics(scores, corpus) if form == "static" else form_metrics(scores, form)
    for name in scores:
        shown |= counts(corpus, name)
    shown["tokens.validation"] = shortest
    return shown | {f"weight.{model}": float(weight) for model, weight in zip(models, weights, strict=True)}


def _scores(scored: Path, model: str, split: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    run, _, form = model.partition(".")
    return read_scores(scored / run, form or "static", split)
