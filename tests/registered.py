"""A folder with small models whose runs are in MLflow, as `rnnpipe track` finds it; they are saved and not trained."""

import json
import shutil
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from small_runs import KINDS, saved_model, small_run

from rnnpipe.params import Params
from rnnpipe.tracking.pipeline import Identity, TrainedStage
from rnnpipe.tracking.registry import update_champions
from rnnpipe.tracking.store import Store

METRICS = {"language_model": "perplexity", "ner": "f1", "sentiment": "accuracy"}


class Registered:
    """The folder, which must be the working directory when it is used; DVC has no part in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stages: dict[tuple[str, str], TrainedStage] = {}
        self.runs: dict[str, dict[str, Any]] = {task: {} for task in METRICS}

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.folder}/mlflow.db"

    @property
    def client(self) -> MlflowClient:
        return MlflowClient(self.uri)

    def train(self, task: str, run: str, score: float, key: str = "", **changes: Any) -> Path:
        """Put a model of this validation score into the folder, in the place of a former one; return its directory."""
        directory = Path("models") / task / run
        shutil.rmtree(directory, ignore_errors=True)
        changes = {"corpus": KINDS[task], **changes}
        saved_model(directory, task, ({"epoch": 1, "validation_loss": 0.5, f"validation_{METRICS[task]}": score},), **changes)
        identity = Identity(f"train_{task}@{run}", "", key or f"key-of-{run}", {})
        self.stages[task, run] = TrainedStage(identity, task, run, directory, None)
        self.runs[task][run] = json.loads(small_run(task, **changes).model_dump_json())
        store = Store(self.uri)
        if not store.runs(stage_key=identity.key, stage=identity.stage):
            store.end(store.start(task, run, {}, {"stage_key": identity.key, "stage": identity.stage}), "FINISHED")
        return directory

    def track(self, **registry: Any) -> None:
        """Update the champions, by these parameters of the registry."""
        splits = {"splits": {"train": "a.csv", "valid": "b.csv"}, "licence": "MIT"}
        document = {
            "seed": 1,
            "corpora": {kind: {"format": kind, **splits} for kind in KINDS.values()},
            "embeddings": {"random": {"kind": "random", "dimension": 6}},
            **{task: {"runs": runs} for task, runs in self.runs.items()},
            "registry": registry,
            "report": {"title": ""},
        }
        update_champions(Store(self.uri), self.stages.values(), Params.model_validate_json(json.dumps(document)))

    def champion(self, task: str) -> Any:
        """Return the version of a task that has the alias."""
        return self.client.get_model_version_by_alias(f"{task}-{KINDS[task]}", "champion")

    def versions(self, task: str) -> int:
        """Return how many versions a task has."""
        return len(self.client.search_model_versions(f"name = '{task}-{KINDS[task]}'"))
