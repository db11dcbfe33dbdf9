import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.params import Gate, Params, Selection
from rnnpipe.tracking.champions import Candidate, Champion, candidates, decide, selection
from rnnpipe.tracking.pipeline import Identity, TrainedStage

ACCURACY = Selection("accuracy", higher_is_better=True)
PERPLEXITY = Selection("perplexity", higher_is_better=False)
RUN = {"corpus": "texts", "embedding": "one-hot", "network": {"cell": "rnn"}}


def stage(run: str, section: str = "sentiment", output: Path = Path()) -> TrainedStage:
    identity = Identity(f"train_{section}@{run}", "", f"key of {run}", {})
    return TrainedStage(identity, section, run, output, None)


def candidate(run: str, score: float) -> Candidate:
    return Candidate(stage(run), "texts", score)


def crowned(group: list[Candidate], champion: Champion | None, by: Selection = ACCURACY, **gate: Any) -> str | None:
    found = decide(group, champion, Gate(**gate), by).champion
    return found and found.stage.run


def test_without_a_champion_the_best_becomes_one() -> None:
    decision = decide([candidate("lstm", 90.0), candidate("rnn", 80.0)], None, Gate(), ACCURACY)
    assert decision.champion is not None
    assert decision.champion.stage.run == "lstm"
    assert decision.reason == "lstm, validation accuracy 90"


def test_a_better_model_takes_the_place() -> None:
    assert crowned([candidate("lstm", 90.0)], Champion("rnn", 89.0)) == "lstm"
    assert crowned([candidate("lstm", 3.0)], Champion("rnn", 3.5), PERPLEXITY) == "lstm"


def test_an_equal_or_worse_model_does_not() -> None:
    assert crowned([candidate("gru", 90.0), candidate("rnn", 90.0)], Champion("rnn", 90.0)) is None
    assert crowned([candidate("lstm", 3.5)], Champion("rnn", 3.0), PERPLEXITY) is None


@pytest.mark.parametrize(
    ("by", "required", "passes"), [(ACCURACY, 90.0, True), (ACCURACY, 90.1, False), (PERPLEXITY, 89.9, False)]
)
def test_nobody_is_champion_below_what_is_required(by: Selection, required: float, passes: bool) -> None:
    decision = decide([candidate("lstm", 90.0)], None, Gate(required=required), by)
    assert (decision.champion is not None) == passes
    assert passes or decision.reason == f"none is good enough: lstm has validation {by.metric} 90, required is {required:g}"


def test_the_margin_is_held_against_a_champion_alone() -> None:
    assert crowned([candidate("lstm", 90.0)], Champion("rnn", 89.5), margin=0.6) is None
    assert crowned([candidate("lstm", 90.1)], Champion("rnn", 89.5), margin=0.6) == "lstm", "in binary the gain is less"
    assert crowned([candidate("lstm", 90.0)], None, margin=50.0) == "lstm"
    reason = decide([candidate("lstm", 90.0)], Champion("rnn", 89.5), Gate(margin=0.6), ACCURACY).reason
    assert reason == "rnn stays, validation accuracy 89.5; lstm has 90, not better by 0.6"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5), st.floats(0, 100), st.floats(0, 100), st.floats(0, 10))
def test_who_is_crowned_is_better_by_the_margin_and_passes(
    scores: list[float], champion: float, required: float, margin: float
) -> None:
    group = [candidate(str(score), score) for score in sorted(scores, reverse=True)]
    found = decide(group, Champion("it", champion), Gate(required=required, margin=margin), ACCURACY).champion
    best = max(scores)
    if found is None:
        assert best < required or best <= champion + 1e-5 or best - champion < margin + 1e-5
    else:
        assert found.score == best >= required
        assert best > champion
        assert best - champion > margin - 1e-5


def params(**sections: Any) -> Params:
    corpus = {"format": "labelled", "splits": {"train": "a.csv", "valid": "b.csv"}, "licence": "MIT"}
    common = {"seed": 1, "embeddings": {"one-hot": {"kind": "one_hot"}}, "report": {"title": ""}}
    document = {**common, "corpora": {"texts": corpus, "more": corpus}, **sections}
    return Params.model_validate_json(json.dumps(document))


def trained(folder: Path, run: str, *rows: tuple[float, float], section: str = "sentiment") -> TrainedStage:
    """Return a stage whose history has (validation accuracy, validation loss) of each epoch."""
    output = folder / run
    output.mkdir(parents=True)
    lines = [f"{epoch},{accuracy},{loss},99.0" for epoch, (accuracy, loss) in enumerate(rows, start=1)]
    (output / "history.csv").write_text("\n".join(["epoch,validation_accuracy,validation_loss,train_accuracy", *lines, ""]))
    return stage(run, section, output)


def test_models_are_compared_within_a_task_and_corpus_by_their_kept_weights(tmp_path: Path) -> None:
    runs = {
        "late": RUN,
        "early": {**RUN, "selection": "loss"},
        "other": {**RUN, "corpus": "more"},
    }
    stages = [
        trained(tmp_path, "late", (90.0, 0.5), (70.0, 0.4)),
        trained(tmp_path, "early", (95.0, 0.5), (91.0, 0.4)),
        trained(tmp_path, "other", (99.0, 0.1)),
        trained(tmp_path, "words", (100.0, 0.1), section="bag_of_words"),
    ]
    found = candidates(stages, params(sentiment={"runs": runs}))
    assert {key: [(one.stage.run, one.score) for one in group] for key, group in found.items()} == {
        ("sentiment", "texts"): [("early", 91.0), ("late", 90.0)],
        ("sentiment", "more"): [("other", 99.0)],
    }


def test_of_equal_models_the_first_by_name_is_the_better_one(tmp_path: Path) -> None:
    stages = [trained(tmp_path, name, (90.0, 0.5)) for name in ("b", "a")]
    (group,) = candidates(stages, params(sentiment={"runs": {"a": RUN, "b": RUN}})).values()
    assert [one.stage.run for one in group] == ["a", "b"]


def test_a_model_without_the_metric_is_no_candidate(tmp_path: Path) -> None:
    stages = [trained(tmp_path, "a", (math.nan, 0.5)), trained(tmp_path, "b")]
    assert candidates(stages, params(sentiment={"runs": {"a": RUN, "b": RUN}})) == {}


def test_the_metric_is_the_gates(tmp_path: Path) -> None:
    by_loss = params(sentiment={"runs": {"a": RUN, "b": RUN}}, registry={"gates": {"sentiment": {"metric": "loss"}}})
    stages = [trained(tmp_path, "a", (90.0, 0.5)), trained(tmp_path, "b", (80.0, 0.4))]
    (group,) = candidates(stages, by_loss).values()
    assert [one.stage.run for one in group] == ["b", "a"]
    assert selection("sentiment", by_loss) == Selection("loss", higher_is_better=False)


def test_tasks_that_are_off_have_no_candidates(tmp_path: Path) -> None:
    off = params(sentiment={"runs": {"a": RUN}}, registry={"tasks": []})
    assert candidates([trained(tmp_path, "a", (90.0, 0.5))], off) == {}
