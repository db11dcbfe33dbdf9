"""Seeds and grids are nested runs below a parent that shows their mean and spread; durations outlive a clone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.common.files import write_json
from rnnpipe.common.tables import read_csv
from rnnpipe.tracking.backfill import backfill
from rnnpipe.tracking.durations import DURATIONS
from rnnpipe.tracking.families import PARENT, Member, families_by_seed, grids, show_families
from rnnpipe.tracking.pipeline import Identity, TrainedStage
from rnnpipe.tracking.store import Store

SEEDS = "    lstm-2: {network: {cell: lstm}, seed: 2}\n    lstm-3: {network: {cell: lstm}, seed: 3}\nbag_of_words"


def runs_of(store: Store) -> dict[str, Any]:
    return {run.info.run_name.rpartition(" ")[0]: run for run in store.runs()}


def member(store: Store, run: str, score: float, metrics: Path | None = None, **parameters: Any) -> Member:
    identity = Identity(f"train_long_term@{run}", "true", f"key of {run}", {})
    run_id = store.start("long_term", f"{run} k", parameters, {"stage_key": identity.key})
    store.log(run_id, [("best/validation_accuracy_percent", score, 0), ("train/loss_nats", 1.0, 7)])
    store.end(run_id, "FINISHED")
    return Member(TrainedStage(identity, "long_term", run, Path(), metrics), parameters, run_id)


def test_runs_that_differ_in_their_seed_alone_lie_below_one_parent(
    project: Path, store: Store, reproduce: Callable[[], None]
) -> None:
    Path("params.yaml").write_text(Path("params.yaml").read_text().replace("bag_of_words", SEEDS))
    reproduce()
    assert backfill() == 5
    runs = runs_of(store)
    parent = runs["lstm, 3 seeds texts"]
    below = [run.data.tags["run"] for run in runs.values() if run.data.tags.get(PARENT) == parent.info.run_id]
    assert sorted(below) == ["lstm", "lstm-2", "lstm-3"]
    assert parent.data.metrics["test/accuracy_percent"] == 80.0
    assert parent.data.metrics["sd/test_accuracy_percent"] == 0.0
    assert (parent.data.tags["stale"], parent.info.status) == ("false", "FINISHED")
    assert "seed" not in parent.data.params, "their common settings alone"
    assert parent.data.params["network.cell"] == "lstm"
    database = Path("mlflow.db").read_bytes()
    assert backfill() == 0
    assert Path("mlflow.db").read_bytes() == database, "a second call changes nothing"


def test_a_family_that_grew_has_a_new_parent(project: Path, store: Store, reproduce: Callable[[], None]) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("bag_of_words", SEEDS))
    reproduce()
    backfill()
    Path("params.yaml").write_text(text.replace("bag_of_words", SEEDS.splitlines()[0] + "\nbag_of_words"))
    backfill()
    runs = runs_of(store)
    assert runs["lstm, 2 seeds texts"].data.tags["stale"] == "false"
    assert runs["lstm, 3 seeds texts"].data.tags["stale"] == "true"
    assert runs["lstm texts"].data.tags[PARENT] == runs["lstm, 2 seeds texts"].info.run_id


def test_a_grid_has_its_own_scores_and_its_seeds_below_it(project: Path, store: Store) -> None:
    scores = project / "scores.json"
    write_json(scores, {"agreement.long.mean": 75.0, "learning_rate": 0.1})
    members = [member(store, f"rnn/fast-{seed}", 10.0 * seed, scores, rate=0.1, seed=seed) for seed in (1, 2, 3)]
    members.append(member(store, "rnn/slow-1", 5.0, scores, rate=0.01, seed=1))
    killed = store.start("long_term", "rnn/fast-1 killed", {}, {"stage_key": "key of rnn/fast-1"})
    assert [family.title for family in (*families_by_seed(members), *grids(members))] == ["rnn/fast, 3 seeds", "rnn, 4 trials"]
    assert len(show_families(store, members, {})) == 2
    runs = runs_of(store)
    seeds, grid = runs["rnn/fast, 3 seeds "], runs["rnn, 4 trials "]
    assert seeds.data.metrics["best/validation_accuracy_percent"] == pytest.approx(20.0)
    assert seeds.data.metrics["sd/best_validation_accuracy_percent"] == pytest.approx(10.0)
    assert grid.data.metrics["agreement/long_mean_percent"] == 75.0
    above = {name: run.data.tags.get(PARENT) for name, run in runs.items()}
    assert above["rnn/fast-1"] == above["rnn/fast-3"] == seeds.info.run_id
    assert above["rnn/slow-1"] == above["rnn/fast, 3 seeds "] == grid.info.run_id
    assert above["rnn, 4 trials "] is None
    assert PARENT not in store.run(killed).data.tags


def test_a_clone_knows_how_long_the_first_machine_took(project: Path, store: Store) -> None:
    backfill()
    key = runs_of(store)["lstm texts"].data.tags["stage_key"]
    DURATIONS.write_text(f"stage,key,seconds\ntrain_sentiment@lstm,{key},4000\nsome_stage,of no present result,7\n")
    store.delete(runs_of(store)["lstm texts"].info.run_id)
    assert backfill() == 1
    info = runs_of(store)["lstm texts"].info
    assert info.end_time - info.start_time == 4_000_000
    written = {row["stage"]: row["seconds"] for row in read_csv(DURATIONS)}
    assert written["train_sentiment@lstm"] == "4000"
    assert "some_stage" not in written
