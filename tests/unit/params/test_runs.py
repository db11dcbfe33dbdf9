"""Runs of the tasks: found by name, and refused where what they say does not go together."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Params, Selection, load_params

NETWORK = {"cell": "lstm"}
RUN = {"corpus": "texts", "embedding": "random-32", "network": NETWORK}
SPLITS = {"train": "train", "valid": "valid"}
GRID = {"corpus": "texts", "embedding": "random-32"}
"""What all runs of the long term have in common."""
TRIALS = {"fast": {"learning_rate": 0.02, "seed": 1}, "slow": {"learning_rate": 0.002, "seed": 7}}
DOCUMENT: dict[str, Any] = {
    "seed": 1,
    "corpora": {
        "texts": {"format": "text", "splits": SPLITS, "licence": "MIT"},
        "opinions": {"format": "labelled", "splits": SPLITS, "licence": "MIT"},
        "names": {"format": "columns", "splits": SPLITS, "licence": "MIT"},
        "short": {"format": "text", "splits": {"train": "train"}, "licence": "MIT"},
    },
    "embeddings": {"random-32": {"kind": "random", "dimension": 32}, "one-hot": {"kind": "one_hot"}},
    "report": {"title": "small"},
}


def read(folder: Path, **sections: Any) -> Params:
    path = folder / "params.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({**DOCUMENT, **sections}, file)
    return load_params(path)


def runs(**named: dict[str, Any]) -> dict[str, Any]:
    return {"runs": named}


def refused(folder: Path, told: str, **sections: Any) -> None:
    with pytest.raises(RnnpipeError) as caught:
        read(folder, **sections)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_is_found_by_its_name(tmp_path: Path) -> None:
    params = read(tmp_path, language_model=runs(lstm=RUN))
    assert params.run("language_model", "lstm").network.cell == "lstm"


@pytest.mark.parametrize("section", ["language_model", "long_term", "ngram"])
def test_an_unknown_run_is_one_line(tmp_path: Path, section: str) -> None:
    run = {"corpus": "texts"} if section == "ngram" else {"network": NETWORK} if section == "long_term" else RUN
    more = {**GRID, "trials": TRIALS} if section == "long_term" else {}
    params = read(tmp_path, **{section: {**runs(known=run), **more}})
    with pytest.raises(RnnpipeError) as caught:
        params.run(section, "unknown")
    assert str(caught.value) == f"params.yaml: {section}.runs.unknown: no such run; there are: known"
    with pytest.raises(RnnpipeError, match="there are: none"):
        params.run("sentiment", "unknown")


def test_a_training_of_the_long_term_has_the_rate_and_seed_of_its_trial(tmp_path: Path) -> None:
    params = read(tmp_path, long_term={**GRID, **runs(rnn={"network": NETWORK}), "trials": TRIALS})
    trial = params.run("long_term", "rnn/slow")
    assert (trial.optimizer.learning_rate, trial.seed) == (0.002, 7)
    assert (trial.corpus, trial.embedding) == ("texts", "random-32")
    assert params.run("long_term", "rnn").optimizer.learning_rate == 0.001
    with pytest.raises(RnnpipeError, match="no such run"):
        params.run("long_term", "rnn/unknown")


@pytest.mark.parametrize(
    ("section", "selection", "found"),
    [
        ("language_model", None, Selection("perplexity", higher_is_better=False)),
        ("language_model", "loss", Selection("loss", higher_is_better=False)),
        ("sentiment", None, Selection("accuracy", higher_is_better=True)),
        ("sentiment", "macro_f1", Selection("macro_f1", higher_is_better=True)),
        ("ner", None, Selection("f1", higher_is_better=True)),
        ("ner", "loss", Selection("loss", higher_is_better=False)),
    ],
)
def test_each_task_selects_by_a_score_of_its_own(tmp_path: Path, section: str, selection: str | None, found: Selection) -> None:
    corpus = {"language_model": "texts", "sentiment": "opinions", "ner": "names"}[section]
    run = {**RUN, "corpus": corpus, **({"selection": selection} if selection else {})}
    own = read(tmp_path, **{section: runs(own=run)}).run(section, "own")
    assert own.selected_by == found
    assert own.selected_by.column == f"validation_{found.metric}"


def test_a_selection_of_another_task_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "ner.runs.a.selection", ner=runs(a={**RUN, "corpus": "names", "selection": "perplexity"}))


@pytest.mark.parametrize(
    ("section", "changes", "told"),
    [
        ("sentiment", {}, "sentiment.runs.a.corpus: 'texts' has no labels (format text)"),
        ("ner", {"corpus": "opinions"}, "ner.runs.a.corpus: 'opinions' has no tags (format labelled)"),
        ("language_model", {"corpus": "short"}, "language_model.runs.a.corpus: 'short' has no split 'valid'"),
        ("language_model", {"corpus": "nowhere"}, "'nowhere' is not one of"),
        ("language_model", {"embedding": "nowhere"}, "'nowhere' is not one of"),
        (
            "language_model",
            {"network": {**NETWORK, "tied": True, "hidden": 64}},
            "language_model.runs.a.network.tied: the last layer has 64 numbers and embedding 'random-32' has 32",
        ),
        (
            "language_model",
            {"network": {**NETWORK, "tied": True}, "embedding": "one-hot"},
            "network.tied: one-hot vectors are no matrix to be trained",
        ),
        ("language_model", {"network": {**NETWORK, "hidden": [4, 5]}}, "hidden: names 2 sizes, but layers is 1"),
        (
            "language_model",
            {"network": {**NETWORK, "tied": True, "hidden": 32, "head": {"kind": "mixture", "bottleneck": 16}}},
            "language_model.runs.a.network.tied: the head's bottleneck has 16 numbers and embedding 'random-32' has 32",
        ),
        (
            "language_model",
            {"network": {**NETWORK, "tied": True, "head": "hierarchical"}},
            "network: tied: a head of kind 'hierarchical' has no matrix of words; choose one of softmax, mixture, adaptive",
        ),
        ("language_model", {"network": {**NETWORK, "layer_dropout": 0.2}}, "layer_dropout: nothing is between the layers"),
        ("language_model", {"network": {**NETWORK, "weight_dropout": 1.0}}, "language_model.runs.a.network.weight_dropout"),
        ("language_model", {"bptt_spread": 5.0}, "bptt_spread: sentences are read whole; set batching: stream"),
        ("language_model", {"batching": "stream", "bptt": 5, "bptt_spread": 5.0}, "bptt_spread: must be below bptt, 5"),
        ("language_model", {"optimizer": {"average_from": 1.0}}, "language_model.runs.a.optimizer.average_from"),
        ("language_model", {"optimizer": {"kind": "asgd"}}, "language_model.runs.a.optimizer.kind"),
        ("language_model", {"network": {"cell": "qrnn"}}, "language_model.runs.a.network.cell"),
        ("language_model", {"trainer": {"precision": "16"}}, "language_model.runs.a.trainer.precision"),
        ("language_model", {"trainer": {"cluster": "mesos"}}, "language_model.runs.a.trainer.cluster"),
        ("language_model", {"max_length": 3}, "language_model.runs.a.max_length: unknown key"),
    ],
)
def test_contradictions_are_refused_at_once_with_their_key(
    tmp_path: Path, section: str, changes: dict[str, Any], told: str
) -> None:
    refused(tmp_path, told, **{section: runs(a={**RUN, **changes})})


def test_a_projection_or_a_last_layer_that_fits_is_in_order(tmp_path: Path) -> None:
    mixture = {"hidden": 64, "head": {"kind": "mixture", "bottleneck": 32}}
    for network in ({"hidden": 64, "projection": True}, {"hidden": [64, 32], "layers": 2}, {"hidden": 32}, mixture):
        read(tmp_path, language_model=runs(a={**RUN, "network": {**NETWORK, "tied": True, **network}}))


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({**GRID, **runs(a={"network": NETWORK})}, "long_term.trials: is missing"),
        ({"corpus": "texts", **runs(a={"network": NETWORK}), "trials": TRIALS}, "long_term: embedding: is missing"),
        ({**GRID, **runs(a=RUN), "trials": TRIALS}, "runs.a.corpus: is said once for all runs"),
    ],
)
def test_runs_of_the_long_term_have_trials_and_share_what_they_read(tmp_path: Path, section: dict[str, Any], told: str) -> None:
    refused(tmp_path, told, long_term=section)


STREAM = {**RUN, "batching": "stream"}
MODELS: dict[str, Any] = {
    "language_model": {
        **runs(sentences=RUN, stream=STREAM, left_out=STREAM),
        "evaluation": {"cache": {}, "adaptive": ["stream"]},
    },
    "ngram": runs(grams={"corpus": "texts"}, others={"corpus": "opinions"}),
}


def test_what_adapts_is_said_once_for_all_runs_of_a_stream(tmp_path: Path) -> None:
    section = read(tmp_path, **MODELS).language_model
    assert [section.adapts(name, "cache") for name in ("sentences", "stream", "left_out")] == [False, True, False]
    assert not section.adapts("stream", "dynamic")
    everyone = read(tmp_path, language_model={**MODELS["language_model"], "evaluation": {"cache": {}}}).language_model
    assert [everyone.adapts(name, "cache") for name in ("sentences", "stream", "left_out")] == [False, True, True]


def test_an_evaluation_is_no_part_of_what_a_training_depends_on(tmp_path: Path) -> None:
    asked, other = (
        read(tmp_path, language_model={**MODELS["language_model"], "evaluation": evaluation}).entry_sums()["language_model"]
        for evaluation in ({"cache": {}}, {"dynamic": {}})
    )
    assert asked["runs"] == other["runs"]
    assert asked["evaluation"] != other["evaluation"]


@pytest.mark.parametrize(
    ("models", "form"),
    [(["stream", "grams"], "static"), (["stream.cache", "grams", "stream"], "cache"), (["sentences", "grams"], "static")],
)
def test_models_of_one_corpus_are_mixed(tmp_path: Path, models: list[str], form: str) -> None:
    params = read(tmp_path, **MODELS, mixed=runs(all={"corpus": "texts", "models": models}))
    assert params.run("mixed", "all").form == form


@pytest.mark.parametrize(
    ("models", "told"),
    [
        (["stream"], "mixed.runs.all.models"),
        (["stream", "stream"], "names a model twice"),
        (["stream", "nowhere"], "'nowhere' is not one of sentences, stream, left_out, grams, others"),
        (["stream", "others"], "'others' is of corpus 'opinions'"),
        (["stream", "sentences.cache"], "'sentences.cache' is not made; set language_model.evaluation.cache"),
        (["stream", "left_out.cache"], "'left_out.cache' is not made"),
        (["stream", "stream.dynamic"], "'stream.dynamic' is not made; set language_model.evaluation.dynamic"),
        (["stream", "grams.cache"], "'grams.cache' is not made"),
        (["stream", "grams.other"], "mixed.runs.all.models"),
    ],
)
def test_what_cannot_be_mixed_is_refused(tmp_path: Path, models: list[str], told: str) -> None:
    refused(tmp_path, told, **MODELS, mixed=runs(all={"corpus": "texts", "models": models}))


@pytest.mark.parametrize(("name", "told"), [("sentences", "forgets each sentence"), ("nowhere", "'nowhere' is not one of")])
def test_only_streams_adapt(tmp_path: Path, name: str, told: str) -> None:
    refused(tmp_path, told, language_model={**MODELS["language_model"], "evaluation": {"adaptive": [name]}})


def test_what_reads_backward_is_neither_mixed_nor_adapted_nor_asked_for_pairs(tmp_path: Path) -> None:
    models = {**MODELS["language_model"]["runs"], "back": {**MODELS["language_model"]["runs"]["stream"], "direction": "backward"}}
    section = {**MODELS["language_model"], "runs": models}
    mixed = runs(all={"corpus": "texts", "models": ["stream", "back"]})
    refused(tmp_path, "'back' reads backward", **{**MODELS, "language_model": section}, mixed=mixed)
    params = read(tmp_path, **{**MODELS, "language_model": {**section, "evaluation": {"cache": {}}}})
    assert params.language_model.adapts("stream", "cache")
    assert not params.language_model.adapts("back", "cache")


LETTERS = {"format": "text", "words": "characters_and_spaces", "splits": SPLITS, "licence": "MIT"}
READERS = runs(
    ahead={**RUN, "corpus": "letters"},
    back={**RUN, "corpus": "letters", "direction": "backward"},
    words={**RUN, "direction": "backward"},
    nested={**RUN, "corpus": "letters", "embedding": "states"},
)
STATES = {"corpus": "names", "words": "random-32", "forward": "ahead", "backward": "back"}


def with_states(entry: dict[str, Any] | None = None, run: dict[str, Any] | None = None) -> dict[str, Any]:
    tagger = {"corpus": "names", "embedding": "states", "network": {**NETWORK, "contextual": 8}, **(run or {})}
    return {
        "corpora": {**DOCUMENT["corpora"], "letters": LETTERS, "others": DOCUMENT["corpora"]["names"]},
        "language_model": READERS,
        "contextual": {"states": {**STATES, **(entry or {})}},
        "ner": runs(tagger=tagger),
    }


def test_states_of_language_models_are_an_embedding(tmp_path: Path) -> None:
    params = read(tmp_path, **with_states())
    assert params.dimension_of("states") == 32
    assert "states" in params.embedding_names


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"corpus": "nowhere"}, "contextual.states.corpus: 'nowhere' is not one of"),
        ({"words": "states"}, "contextual.states.words: 'states' is not one of one-hot, random-32"),
        (
            {"forward": "nowhere"},
            "contextual.states.forward: 'nowhere' is not one of ahead, back, words, nested of language_model",
        ),
        ({"forward": "back"}, "contextual.states.forward: 'back' reads backward; name a run of direction: forward"),
        ({"forward": "nested"}, "'nested' is trained with contextual vectors itself"),
        ({"backward": "words"}, "contextual.states.backward: 'words' reads words; name a run whose corpus"),
    ],
)
def test_states_that_cannot_be_made_are_refused(tmp_path: Path, entry: dict[str, Any], told: str) -> None:
    refused(tmp_path, told, **with_states(entry))


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ({"embedding": "random-32"}, "'random-32' has no states of language models; set embedding to one of contextual: states"),
        ({"corpus": "others"}, "ner.runs.tagger.network.contextual: the states of 'states' are of corpus 'names'"),
    ],
)
def test_states_that_a_tagger_cannot_read_are_refused(tmp_path: Path, run: dict[str, Any], told: str) -> None:
    refused(tmp_path, told, **with_states(run=run))
