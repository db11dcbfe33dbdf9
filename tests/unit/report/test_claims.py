import re

import pytest
from imports import ROOT
from ruamel.yaml import YAML

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import ClaimBars
from rnnpipe.report.claims import load_claims
from rnnpipe.report.verdicts import VERDICTS, all_verdicts

IDS = [
    "one-hot",
    "one-hot-blind",
    "features",
    "standard-network",
    "bptt",
    "probability",
    "perplexity",
    "unknown",
    "punctuation",
    "sampling",
    "long-term",
    "vanishing",
    "exploding",
    "state-tracking",
    "gru-lstm-quality",
    "gru-lstm-speed",
    "bidirectional",
    "deep",
    "context-choice",
    "skip-gram",
    "softmax-cost",
    "negative-sampling",
    "glove",
    "bag-of-words",
    "imdb-rnn",
    "imdb-lstm",
    "imdb-leading",
    "three-embeddings",
    "rnn-types",
]
SHOWN = {"unknown", "gru-lstm-quality", "gru-lstm-speed", "deep", "rnn-types"}
LATER = {"punctuation", "three-embeddings"}
IMDB = {"imdb-rnn", "imdb-lstm", "imdb-leading"}


def verdicts(workspace):
    return {claim.id: verdict for claim, verdict in all_verdicts(workspace.measure())}


def test_every_claim_of_the_lecture_is_declared_once():
    assert sorted(claim.id for claim in load_claims()) == sorted(IDS)


def test_every_verdict_has_its_claim_and_every_other_claim_says_what_it_waits_for():
    assert set(VERDICTS) <= set(IDS)
    assert all(claim.waits_for for claim in load_claims() if claim.id not in VERDICTS)


def test_the_stages_of_each_claim_are_those_of_the_pipeline():
    stages = YAML(typ="safe", pure=True).load(ROOT / "dvc.yaml")["stages"]
    assert {stage for claim in load_claims() for stage in claim.stages} <= set(stages)


def test_sample_claims_hold_on_good_measurements(workspace):
    states = {name: verdict.state for name, verdict in verdicts(workspace).items()}
    expected = {name: "holds" for name in IDS} | {name: "shown" for name in SHOWN}
    assert states == expected | {name: "not yet measured" for name in LATER | IMDB}


def test_nothing_holds_without_measurements(empty_workspace):
    assert {verdict.state for verdict in verdicts(empty_workspace).values()} == {"not yet measured"}


@pytest.mark.parametrize(
    ("claim", "address", "key", "value"),
    [
        ("one-hot", "equations", "one_hot", {"largest_difference": 1e-9}),
        ("one-hot-blind", "embeddings/glove-features", "cosine", {"apple_orange": 0.1, "apple_king": 0.2}),
        ("one-hot-blind", "embeddings/one_hot", "cosine", {"apple_orange": 0.1, "apple_king": 0.0}),
        ("features", "embeddings/word2vec-features", "probe", {"accuracy": 89.9}),
        ("standard-network", "sentiment/mlp", "accuracy", {"test": 80.0, "test_longer": 80.0}),
        ("bptt", "equations", "bptt", {"largest_difference": 1e-9}),
        ("probability", "language_model/lstm", "pairs", {"share": 54.0, "count": 1200}),
        ("perplexity", "language_model/lstm", "perplexity", {"test": 14.0, "ratio": 1.4}),
        ("sampling", "language_model/lstm-2", "sampling.accepted", 80.0),
        ("sampling", "language_model/lstm-2", "sampling.unknown", 1),
        ("bidirectional", "ner/lstm-bidirectional", "f1.test", 80.9),
        ("bidirectional", "ner/lstm-bidirectional", "pairs", {"correct": 50.0}),
        ("features", "embeddings/nearby-1-features", "probe", {"accuracy": 89.9}),
        ("one-hot-blind", "embeddings/around-4-features", "cosine", {"apple_orange": 0.1, "apple_king": 0.2}),
        ("context-choice", "embeddings/previous-1-features", "analogies", {"accuracy": 0.0}),
        ("context-choice", "embeddings/previous-1-features", "similarity", {"grammar": {"spearman": -0.1}}),
        ("context-choice", "embeddings/random-32", "similarity", {"grammar": {"spearman": 0.7}}),
        ("skip-gram", "embeddings/word2vec-features", "analogies", {"accuracy": 79.0}),
        ("glove", "embeddings/glove-features", "analogies", {"accuracy": 79.0}),
        ("bag-of-words", "sentiment/bag-of-words", "accuracy", {"test": 90.0}),
        ("bag-of-words", "sentiment/lstm-deep", "accuracy", {"test": 84.0}),
        ("state-tracking", "ner/parity-gru-2", "accuracy.test_longer", 94.0),
        ("state-tracking", "ner/parity-mingru", "accuracy.test_longer", 85.0),
    ],
)
def test_a_claim_whose_figure_misses_its_bar_does_not_hold(workspace, claim, address, key, value):
    workspace.change(address, key, value)
    assert verdicts(workspace)[claim].state == "does not hold"


@pytest.mark.parametrize(
    ("claim", "bar", "value"),
    [
        ("perplexity", "perplexity_ratio", 1.01),
        ("sampling", "accepted_share", 98.0),
        ("features", "feature_probe", 98.0),
        ("long-term", "long_gap", 60.0),
        ("long-term", "long_agreement", 99.99),
        ("vanishing", "vanishing_ratio", 1e-9),
        ("exploding", "clipping_gap", 3.1),
        ("bidirectional", "bidirectional_gain", 27.0),
        ("bag-of-words", "bag_of_words_ceiling", 0.5),
        ("bag-of-words", "bag_of_words_gap", 21.0),
        ("probability", "pair_errors", 40.0),
        ("softmax-cost", "negative_rows", 0.1),
    ],
)
def test_bars_are_those_of_the_parameters(workspace, claim, bar, value):
    workspace.params["report"]["claims"] = {bar: value}
    assert verdicts(workspace)[claim].state == "does not hold"


def test_long_term_shows_the_orthogonal_start_beside_the_default_one(workspace):
    assert "rnn, orthogonal" in verdicts(workspace)["long-term"].figure


def three_seeds(workspace, perplexities):
    """Leave no other comparison of GRU and LSTM than two language models on three seeds."""
    workspace.params["sentiment"]["runs"] = {}
    workspace.params["language_model"]["runs"] |= {
        "gru-2": {"network": {"cell": "gru"}, "seed": 2},
        "gru-3": {"network": {"cell": "gru"}, "seed": 3},
    }
    for run, perplexity in zip(("gru", "gru-2", "gru-3"), perplexities, strict=True):
        workspace.metrics(f"language_model/{run}", {"perplexity.test": perplexity})
    return verdicts(workspace)["gru-lstm-quality"].state


@pytest.mark.parametrize(("perplexities", "state"), [((12.0, 12.1, 12.25), "holds"), ((19.9, 20.0, 20.1), "shown")])
def test_gru_is_as_good_as_lstm_within_two_standard_errors(workspace, perplexities, state):
    assert three_seeds(workspace, perplexities) == state


def test_model_is_chosen_by_its_validation_score_and_not_on_the_test_split(workspace):
    workspace.params["language_model"]["runs"]["lstm-wide"] = {"network": {"cell": "lstm", "hidden": 99}}
    workspace.metrics("language_model/lstm-wide", {"perplexity": {"test": 1.0, "ratio": 0.5}})
    workspace.table("models/language_model/lstm-wide/history.csv", "epoch,validation_perplexity", [(1, 9)])
    assert "lstm-wide" not in verdicts(workspace)["perplexity"].figure
    workspace.table("models/language_model/lstm-wide/history.csv", "epoch,validation_perplexity", [(1, 1.5), (2, 9)])
    assert "lstm-wide" in verdicts(workspace)["perplexity"].figure


def test_classifier_is_chosen_by_accuracy_where_its_loss_says_otherwise(workspace):
    header = "epoch,validation_loss,validation_accuracy"
    workspace.table("models/sentiment/lstm/history.csv", header, [(1, 0.1, 90.0), (2, 0.4, 90.0)])
    workspace.table("models/sentiment/lstm-deep/history.csv", header, [(1, 0.2, 89.0), (2, 0.9, 91.0)])
    assert "LSTM 95.5 %" in verdicts(workspace)["bag-of-words"].figure


def test_runs_that_choose_their_epoch_otherwise_are_compared_by_the_score_of_the_task(workspace):
    workspace.params["sentiment"]["runs"]["lstm-deep"]["selection"] = "loss"
    header = "epoch,validation_loss,validation_accuracy"
    workspace.table("models/sentiment/lstm/history.csv", header, [(1, 0.1, 90.0)])
    workspace.table("models/sentiment/lstm-deep/history.csv", header, [(1, 0.2, 89.0), (2, 0.9, 91.0)])
    assert "LSTM 95.0 %" in verdicts(workspace)["bag-of-words"].figure


def imdb(workspace, accuracies):
    workspace.params["corpora"]["reviews"] = workspace.params["corpora"]["opinions"]
    workspace.params["report"]["imdb"] = {"corpora": ["reviews"]}
    for seed, accuracy in enumerate(accuracies):
        run = {"corpus": "reviews", "network": {"cell": "rnn"}, "max_length": 200, "seed": seed}
        workspace.params["sentiment"]["runs"][f"imdb-{seed}"] = run
        workspace.metrics(f"sentiment/imdb-{seed}", {"accuracy.test": accuracy})
    return verdicts(workspace)


@pytest.mark.parametrize(
    ("accuracies", "state"),
    [([84.0, 83.0, 85.0], "holds"), ([70.0, 71.0, 72.0], "does not hold"), ([84.0, 83.0], "not yet measured")],
)
def test_imdb_needs_three_seeds(workspace, accuracies, state):
    assert imdb(workspace, accuracies)["imdb-rnn"].state == state


def test_imdb_leading_waits_until_a_network_is_above_95(workspace):
    found = imdb(workspace, [84.0, 83.0, 85.0])
    assert found["imdb-leading"].state == "not yet measured"
    assert "84.0 ± 1.0" in found["imdb-leading"].figure


@pytest.mark.parametrize(
    ("field", "value"),
    [("dimension", 100), ("layers", 2), ("bidirectional", True), ("max_length", 500), ("corpora", ["opinions"])],
)
def test_imdb_claims_are_judged_by_the_set_up_of_the_parameters(workspace, field, value):
    imdb(workspace, [84.0, 83.0, 85.0])
    workspace.params["report"]["imdb"][field] = value
    assert verdicts(workspace)["imdb-rnn"].state == "not yet measured"


def test_a_corpus_is_not_taken_for_imdb_by_its_name(workspace):
    workspace.params["corpora"]["imdb"] = workspace.params["corpora"]["opinions"]
    workspace.params["sentiment"]["runs"]["mine"] = {"corpus": "imdb", "network": {"cell": "rnn"}, "max_length": 200}
    workspace.metrics("sentiment/mine", {"accuracy.test": 99.0})
    assert {verdicts(workspace)[name].figure for name in IMDB} == {"–"}


def test_a_corpus_that_is_to_hold_imdb_must_exist(workspace):
    workspace.params["report"]["imdb"] = {"corpora": ["imbd"]}
    with pytest.raises(RnnpipeError, match=r"report\.imdb\.corpora: 'imbd' is not one of agreement"):
        workspace.measure()


def test_each_bar_of_the_parameters_stands_beside_a_figure(workspace):
    templates = " ".join(claim.bar for claim in load_claims())
    assert set(re.findall(r"{(\w+)", templates)) == set(ClaimBars.model_fields)
    workspace.params["report"]["claims"] = {"perplexity_ratio": 1.23, "long_distance": 21}
    bars = {judged.claim.id: judged.bar for judged in workspace.page().claims}
    assert bars["perplexity"] == "≤ 1.23 × the floor"
    assert bars["bptt"] == "≤ 1e-10"
    assert bars["unknown"] == "–"
    assert bars["vanishing"] == "< 0.1 before training, 21 steps back"


@pytest.mark.parametrize("preset", sorted((ROOT / "presets").glob("*.yaml")), ids=lambda path: path.stem)
def test_presets_name_each_bar(preset):
    assert set(YAML(typ="safe", pure=True).load(preset)["report"]["claims"]) == set(ClaimBars.model_fields)


def test_punctuation_is_shown_for_corpora_that_differ_only_in_it(workspace):
    workspace.params["corpora"]["agreement"]["words"] = "words"
    workspace.params["corpora"]["bare"] = {**workspace.params["corpora"]["agreement"], "punctuation": "drop"}
    workspace.params["language_model"]["runs"]["bare"] = {"corpus": "bare", "network": {"cell": "lstm"}}
    workspace.metrics("language_model/bare", {"perplexity.per_character": 1.9})
    assert verdicts(workspace)["punctuation"].state == "not yet measured", "of other files"
    workspace.params["shared"] = {"bare": "agreement"}
    verdict = verdicts(workspace)["punctuation"]
    assert verdict.state == "shown"
    assert verdict.figure.split("\n") == [
        "lstm, …, marks are words: 1.700 ± 0.000 (3) a character, 12.10 ± 0.10 (3) a word",
        "bare, marks are dropped: 1.900 a character, – a word",
    ]


def test_punctuation_is_shown_by_ngrams_of_shared_files(workspace):
    workspace.params["corpora"]["bare"] = {**workspace.params["corpora"]["agreement"], "punctuation": "drop"}
    workspace.params["shared"] = {"bare": "agreement"}
    workspace.params["ngram"]["runs"]["bare"] = {"corpus": "bare", "order": 4}
    workspace.metrics("language_model/bare", {"perplexity.per_character": 1.9})
    assert verdicts(workspace)["punctuation"].state == "not yet measured", "of another order"
    workspace.params["ngram"]["runs"]["bare"]["order"] = 5
    assert verdicts(workspace)["punctuation"].figure.startswith("kneser-ney-5, marks are words: 1.700 a character")
    workspace.params["corpora"]["bare"]["lowercase"] = True
    assert verdicts(workspace)["punctuation"].state == "not yet measured", "in small letters too"


def test_three_embeddings_are_shown_where_nothing_else_differs(workspace):
    workspace.params["sentiment"]["runs"]["lstm-glove"] = {"network": {"cell": "lstm"}, "embedding": "glove-features"}
    workspace.metrics("sentiment/lstm-glove", {"accuracy.test": 96.0})
    verdict = verdicts(workspace)["three-embeddings"]
    assert verdict.state == "shown"
    assert "random-32 95.0 %, glove-features 96.0 %" in verdict.figure


@pytest.mark.parametrize("missing", ["previous-4-features", "around-4-features", "random-32"])
def test_contexts_are_judged_only_beside_each_other_and_beside_random_vectors(workspace, missing):
    del workspace.params["embedding_evaluation"][missing]
    verdict = verdicts(workspace)["context-choice"]
    assert verdict.state == "not yet measured"
    assert "1 nearby word: 0.70, 100.0 %" in verdict.figure


def test_contexts_are_compared_with_random_vectors_asked_the_same(workspace):
    workspace.params["corpora"]["english"] = workspace.params["corpora"]["features"]
    workspace.params["embedding_evaluation"]["random-32"] = {"corpus": "english", "truth": "published"}
    assert verdicts(workspace)["context-choice"].state == "not yet measured"


def published(workspace):
    """Ask all embeddings questions that no grammar knows the answers of."""
    questions = {"corpus": "features", "truth": "published"}
    workspace.params["embedding_evaluation"] = {name: questions for name in workspace.params["embedding_evaluation"]}
    return verdicts(workspace)


def test_figures_on_published_questions_are_shown_and_contexts_judged(workspace):
    workspace.change("embeddings/glove-features", "analogies", {"accuracy": 18.0})
    found = published(workspace)
    names = ("features", "skip-gram", "glove", "context-choice")
    assert [found[name].state for name in names] == ["shown", "shown", "shown", "holds"]
    assert "glove-features: 18.0 %" in found["glove"].figure


def test_trained_vectors_are_shown_where_no_one_hot_ones_are_evaluated(workspace):
    del workspace.params["embedding_evaluation"]["one_hot"]
    verdict = verdicts(workspace)["one-hot-blind"]
    assert verdict.state == "shown"
    assert "glove-features: 0.80 against −0.20" in verdict.figure


def test_cbow_is_shown_beside_the_skip_gram_and_not_judged(workspace):
    workspace.change("embeddings/cbow-features", "analogies", {"accuracy": 1.0})
    verdict = verdicts(workspace)["skip-gram"]
    assert (verdict.state, verdict.figure) == ("holds", "word2vec-features: 100.0 %\ncbow-features: 1.0 % (CBOW)")


def test_cbow_alone_does_not_make_a_skip_gram(workspace):
    del workspace.params["embedding_evaluation"]["word2vec-features"]
    assert verdicts(workspace)["skip-gram"].state == "not yet measured"


def test_glove_with_constant_f_is_shown_beside_the_capped_one_and_not_judged(workspace):
    workspace.change("embeddings/glove-features-constant", "analogies", {"accuracy": 1.0})
    verdict = verdicts(workspace)["glove"]
    assert verdict.state == "holds"
    assert verdict.figure.split("\n") == [
        "glove-features: 100.0 % (e alone 97.0 %, w alone 96.0 %, f = min(1, (x / 10)^0.75), final loss 0.0400)",
        "glove-features-constant: 1.0 % (f constant, final loss 0.0400)",
    ]


def test_glove_runs_that_differ_in_more_than_f_are_not_compared(workspace):
    workspace.params["glove"]["runs"]["glove-features-constant"]["epochs"] = 99
    assert "constant" not in verdicts(workspace)["glove"].figure


def test_features_are_told_beside_guessing(workspace):
    assert verdicts(workspace)["features"].figure.endswith("\nguessing: 64.5 %")


def three_seeds_of_cbow(workspace, found):
    """Train CBOW with three seeds, and let the probe find other features in each."""
    for seed, accuracy in enumerate(found, start=1):
        name = f"cbow-{seed}"
        workspace.params["word2vec"]["runs"][name] = {"corpus": "features", "architecture": "cbow", "epochs": 9, "seed": seed}
        workspace.params["embedding_evaluation"][name] = {"corpus": "features", "truth": "grammar"}
        cosine = {"apple_orange": 0.5, "apple_king": 0.1 * seed + 0.25}
        workspace.metrics(f"embeddings/{name}", {"probe": {"accuracy": accuracy, "majority": 64.5}, "cosine": cosine})
    return verdicts(workspace)


@pytest.mark.parametrize(("found", "state"), [((89.6, 95.0, 95.0), "holds"), ((95.0, 80.0, 85.0), "does not hold")])
def test_vectors_of_several_seeds_are_judged_by_their_mean(workspace, found, state):
    assert three_seeds_of_cbow(workspace, found)["features"].state == state


def test_figures_of_vectors_of_several_seeds_have_their_spread(workspace):
    found = three_seeds_of_cbow(workspace, (90.0, 92.0, 94.0))
    assert "cbow-1, …: 92.0 ± 2.0 (3) %" in found["features"].figure
    assert "cbow-1, …: 0.50 ± 0.00 (3) against 0.45 ± 0.10 (3)" in found["one-hot-blind"].figure
    assert found["one-hot-blind"].state == "holds"
