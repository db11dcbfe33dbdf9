"""A workspace of hand-written measurements, as the stages would leave them, with every claim of the sample holding."""

import copy
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import embedding_files
from embedding_files import write_embeddings, write_softmax

from rnnpipe.params import load_params
from rnnpipe.report.outline import Outline, outline
from rnnpipe.report.read.measurements import Measurements, read_measurements
from rnnpipe.report.read.provenance import read_provenance

TEXT = {"format": "text", "words": "whitespace", "licence": "MIT"}
RECURRENT = {"embedding": "random-32", "trainer": {"epochs": 3}}
PARAMS: dict[str, Any] = {
    "seed": 1,
    "grammars": {
        "agreement": {
            "kind": "agreement",
            "train": 9,
            "valid": 9,
            "test": 9,
            "distances": [0, 30],
            "depths": [0],
            "depth_weights": [1.0],
        },
        "opinions": {"kind": "opinion", "train": 9, "valid": 9, "test": 9},
        "entities": {"kind": "entity", "train": 9, "valid": 9, "test": 9},
        "features": {"kind": "feature", "train": 9},
        "parity": {"kind": "state", "problem": "parity", "train": 9, "valid": 9, "test": 9},
    },
    "corpora": {
        "agreement": {**TEXT, "splits": {"train": "train.txt", "valid": "valid.txt", "test": "test.txt"}},
        "opinions": {
            **TEXT,
            "format": "labelled",
            "splits": {"train": "train.csv", "valid": "valid.csv", "test": "test.csv", "test_longer": "test_longer.csv"},
        },
        "entities": {
            "format": "columns",
            "splits": {"train": "train.conll", "valid": "valid.conll", "test": "test.conll"},
            "licence": "MIT",
        },
        "features": {**TEXT, "splits": {"train": "train.txt"}},
        "parity": {
            "format": "columns",
            "splits": {"train": "train.conll", "valid": "valid.conll", "test": "test.conll", "test_longer": "test_longer.conll"},
            "licence": "MIT",
        },
    },
    **embedding_files.PARAMS,
    "language_model": {
        "defaults": {"corpus": "agreement", **RECURRENT},
        "runs": {
            "lstm": {"network": {"cell": "lstm"}},
            "lstm-2": {"network": {"cell": "lstm"}, "seed": 2},
            "lstm-3": {"network": {"cell": "lstm"}, "seed": 3},
            "gru": {"network": {"cell": "gru"}},
        },
    },
    "long_term": {
        "corpus": "agreement",
        "embedding": "random-32",
        "trials": {
            f"{name}-{seed}": {"learning_rate": rate, "seed": seed}
            for name, rate in (("slow", 0.001), ("fast", 0.004))
            for seed in (1, 2, 3)
        },
        "runs": {
            "rnn": {"network": {"cell": "rnn"}},
            "gru_simple": {"network": {"cell": "gru_simple"}},
            "gru": {"network": {"cell": "gru"}},
            "lstm": {"network": {"cell": "lstm"}},
            "rnn-orthogonal": {"network": {"cell": "rnn", "initialisation": "orthogonal"}},
        },
    },
    "sentiment": {
        "defaults": {"corpus": "opinions", **RECURRENT},
        "runs": {
            "rnn": {"network": {"cell": "rnn"}},
            "gru": {"network": {"cell": "gru"}},
            "lstm": {"network": {"cell": "lstm"}},
            "lstm-deep": {"network": {"cell": "lstm", "layers": 2}},
        },
    },
    "ner": {
        "defaults": {"corpus": "entities", **RECURRENT},
        "runs": {
            "lstm": {"network": {"cell": "lstm"}},
            "lstm-bidirectional": {"network": {"cell": "lstm", "bidirectional": True}},
            "parity-gru": {"corpus": "parity", "network": {"cell": "gru"}},
            "parity-gru-2": {"corpus": "parity", "network": {"cell": "gru"}, "seed": 2},
            "parity-mingru": {"corpus": "parity", "network": {"cell": "mingru"}},
        },
    },
    "clipping": {
        "high-rate": {
            "corpus": "agreement",
            "embedding": "random-32",
            "network": {"cell": "rnn"},
            "optimizer": {"learning_rate": 9.0, "clip": 0.5},
            "steps": 4,
        },
    },
    "ngram": {"runs": {"kneser-ney-5": {"corpus": "agreement", "order": 5}}},
    "bag_of_words": {"runs": {"bag-of-words": {"corpus": "opinions"}}},
    "mlp": {"runs": {"mlp": {"corpus": "opinions", "embedding": "random-32", "length": 30}}},
    "report": {"title": "Sample of the lecture"},
}


@dataclass
class Workspace:
    """The folders that `write_report` reads."""

    root: Path
    params: dict[str, Any]

    def measure(self) -> Measurements:
        """Read all, as the stage does."""
        path = self.root / "params.yaml"
        path.write_text(json.dumps(self.params), encoding="utf-8")
        params = load_params(path)
        measured = read_measurements(params, self.root / "reports", self.root / "models", self.root / "embeddings")
        self.text("data/code/train_sentiment", "0123456789abcdef0123\n")
        self.text("requirements.lock", "torch==2.13.0\n")
        return replace(measured, provenance=read_provenance(params, self.root / "data/code", self.root / "requirements.lock"))

    def page(self) -> Outline:
        """Put the page together."""
        return outline(self.measure())

    def metrics(self, address: str, values: dict[str, Any]) -> None:
        """Write `reports/<address>/metrics.json`."""
        self.text(f"reports/{address}/metrics.json", json.dumps(values))

    def change(self, address: str, key: str, value: float) -> None:
        """Give one figure of `reports/<address>/metrics.json` another value."""
        path = self.root / "reports" / address / "metrics.json"
        self.metrics(address, {**json.loads(path.read_text(encoding="utf-8")), key: value})

    def table(self, path: str, header: str, rows: Sequence[Sequence[object]]) -> None:
        """Write a CSV file."""
        self.text(path, "".join(",".join(map(str, row)) + "\n" for row in [header.split(","), *rows]))

    def text(self, path: str, text: str) -> None:
        """Write a text file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def empty_workspace(folder: Path) -> Workspace:
    """Return a workspace in which runs are declared, and nothing was run."""
    return Workspace(folder, copy.deepcopy(PARAMS))


def full_workspace(folder: Path) -> Workspace:
    """Return a workspace in which every stage left its measurements."""
    workspace = empty_workspace(folder)
    _write_foundations(workspace)
    _write_language_models(workspace)
    _write_sweeps(workspace)
    _write_clipping(workspace)
    _write_classifiers(workspace)
    write_embeddings(workspace)
    write_softmax(workspace)
    write_speed(workspace)
    return workspace


def write_speed(workspace: Workspace) -> None:
    """Write what `make bench-language-model` leaves."""
    cells = {name: {"tokens_per_second": 50_000.0, "share_of_peak": 0.5} for name in ("gru", "lstm", "gru_fused", "lstm_fused")}
    figures: dict[str, Any] = {
        "hardware": {"processor": "A Processor", "processors": 2},
        "versions": {"torch": "2.13.0"},
    }
    for threads in (1, 2):
        figures[f"threads-{threads}"] = {
            "training": {"example": 1000.0, "full": 1600.0},
            "speedup": {"full": 1.6},
            "sizes": {"small": "200 → 200", "large": "400 → 512"},
            "cells": {"small": cells, "large": cells},
            "ratios": {"small": {"gru over lstm": 1.2 + threads, "gru_fused over lstm_fused": 0.6}},
        }
    workspace.text("reports/benchmarks/language_model.json", json.dumps(figures))


def _write_foundations(workspace: Workspace) -> None:
    differences = {"one_hot": {"largest_difference": 0.0}, "bptt": {"largest_difference": 1e-15, "steps": 25}}
    workspace.metrics("equations", differences)
    for corpus in PARAMS["corpora"]:
        splits = {split: {"tokens": 1234, "coverage": 99.5, "oov_rate": 0.5} for split in ("train", "test")}
        workspace.metrics(f"vocabulary/{corpus}", {"size": 321, "splits": splits})


def _write_history(workspace: Workspace, run: str, start: float, metric: str) -> None:
    """Write six epochs whose loss falls; the score is the perplexity of the loss, or rises as it falls."""
    rows = []
    for epoch in range(1, 7):
        losses = (start / epoch + 1, start / epoch + 1.1)
        scores = [math.exp(loss) if metric == "perplexity" else 100 / loss for loss in losses]
        rows.append((epoch, 100 * epoch, *losses, *scores))
    header = f"epoch,step,train_loss,validation_loss,train_{metric},validation_{metric}"
    workspace.table(f"models/{run}/history.csv", header, rows)


def _write_language_models(workspace: Workspace) -> None:
    for index, run in enumerate(["lstm", "lstm-2", "lstm-3", "gru", "kneser-ney-5"]):
        perplexity = 12.0 + 0.1 * index
        figures = {"test": perplexity, "floor": 11.8, "ratio": perplexity / 11.8, "per_character": 1.7}
        pairs = {"share": 99.0 - index, "count": 1200}
        sampling = {"sampling.accepted": 97.0, "sampling.unknown": 0, "length.sampled": 9.1, "length.corpus": 9.0}
        values = {"perplexity": figures, "pairs": pairs, "oov_rate": {"test": 0.0}, **sampling}
        workspace.metrics(f"language_model/{run}", values)
        if run != "kneser-ney-5":
            _write_history(workspace, f"language_model/{run}", 3 + 0.2 * index, "perplexity")
            workspace.text(
                f"reports/language_model/{run}/samples/sentences.txt", "the dog in the park sleeps .\nthe dogs sleep .\n"
            )


def _write_sweeps(workspace: Workspace) -> None:
    reach = {"rnn": 4, "gru_simple": 15, "gru": 400, "lstm": 400, "rnn-orthogonal": 25}
    distances = [0, 3, 6, 12, 21, 30, 60, 99]
    for run, steps in reach.items():
        cell, initialisation = run.split("-")[0], "orthogonal" if "-" in run else "default"
        rows = []
        for rate in (0.001, 0.004):
            for seed in (1, 2, 3):
                far = steps * (rate / 0.004) * (1 + 0.15 * seed)
                accuracies = [50 + 50 / (1 + math.exp(min(30, (distance - far) / (1 + far / 8)))) for distance in distances]
                rows += [
                    (cell, initialisation, rate, seed, int(rate == 0.004), distance, round(accuracy, 2))
                    for distance, accuracy in zip(distances, accuracies, strict=True)
                ]
        header = "cell,initialisation,learning_rate,seed,chosen,distance,accuracy"
        workspace.table(f"reports/long_term/{run}/agreement.csv", header, rows)
        norms = [(k, 0.4 * math.exp(-k / steps * 3), 0.3 * math.exp(-k / steps * 3)) for k in range(0, 41)]
        workspace.table(f"reports/long_term/{run}/gradients.csv", "k,norm,norm_before_training", norms)
        workspace.metrics(f"long_term/{run}", {})


def _write_clipping(workspace: Workspace) -> None:
    """Write trainings of which those without clipping end above the others; the third one diverges."""
    steps, losses = [], {"clipped": {}, "unclipped": {}}
    for seed in (1, 2, 3):
        for clip, kind, last in ((0.5, "clipped", 2.0), ("", "unclipped", 5.0)):
            diverges = seed == 3 and not clip
            values = [3.0, 3.5, math.nan] if diverges else [3.0, 2.8, 2.5, last + 0.1 * seed]
            steps += [(seed, clip, step, loss, step**3) for step, loss in enumerate(values, start=1)]
            losses[kind] |= {} if diverges else {str(seed): values[-1]}
    workspace.table("reports/clipping/high-rate/steps.csv", "seed,clip,step,loss,norm", steps)
    clipped = {"largest_norm": 64.0, "diverged": 0, "loss": losses["clipped"]}
    workspace.metrics(
        "clipping/high-rate",
        {"clipped": clipped, "unclipped": {"largest_norm": 64.0, "diverged": 1, "loss": losses["unclipped"]}},
    )


def _write_classifiers(workspace: Workspace) -> None:
    accuracies = {"rnn": 88, "gru": 94, "lstm": 95, "lstm-deep": 95.5, "bag-of-words": 75, "mlp": 80}
    for run, accuracy in accuracies.items():
        longer = accuracy - (20 if run == "mlp" else 5)
        scores = {"validation": accuracy - 1, "test": accuracy, "test_longer": longer}
        values = {"accuracy": scores, "macro_f1": {"test": accuracy - 0.2}, "parameters": 4321}
        values["truth.bag_of_words_ceiling"] = 76.0
        workspace.metrics(f"sentiment/{run}", values)
        correct = 10 * accuracy
        rows = [("negative", "negative", int(correct)), ("negative", "positive", 1000 - int(correct))]
        rows += [("positive", "negative", 1100 - int(correct)), ("positive", "positive", int(correct - 100))]
        workspace.table(f"reports/sentiment/{run}/confusion.csv", "actual,predicted,count", rows)
        if run not in ("bag-of-words", "mlp"):
            _write_history(workspace, f"sentiment/{run}", (100 - accuracy) / 10, "accuracy")
    for run, f1, correct in (("lstm", 71.0, 50.0), ("lstm-bidirectional", 97.0, 100.0)):
        scores = {"f1.test": f1, "precision.test": f1, "recall.test": f1, "pairs": {"correct": correct}}
        workspace.metrics(f"ner/{run}", scores)
        types = [(kind, 100, 100, 90, f1, f1, f1) for kind in ("ORG", "PER", "FRUIT")]
        workspace.table(f"reports/ner/{run}/spans.csv", "type,actual,predicted,correct,precision,recall,f1", types)
        kinds = ("O", "ORG", "PER", "FRUIT")
        cells = [(one, two, 900 if one == two else 20) for one in kinds for two in kinds]
        workspace.table(f"reports/ner/{run}/confusion.csv", "actual,predicted,count", cells)
        workspace.text(f"reports/ner/{run}/predictions.conll", _tagged(seen=run != "lstm"))
        _write_history(workspace, f"ner/{run}", 2, "f1")
    for run, within, beyond in (("parity-gru", 100.0, 99.8), ("parity-gru-2", 100.0, 99.2), ("parity-mingru", 80.0, 61.5)):
        accuracy = {"accuracy.test": within, "accuracy.test_longer": beyond, "parameters": 4321}
        workspace.metrics(f"ner/{run}", {"f1.test": within, **accuracy, "truth.guessing_accuracy": 50.0})


def _tagged(seen: bool) -> str:
    """Return sentences as `document word actual predicted`; who has not `seen` what follows takes the firm for a fruit."""
    firm = "B-ORG" if seen else "O"
    sentences = [
        [("they", "O", "O"), ("thanked", "O", "O"), ("jordan", "B-PER", "B-PER")],
        [("i", "O", "O"), ("like", "O", "O"), ("apple", "O", "O"), ("pie", "O", "O")],
        [
            ("i", "O", "O"),
            ("like", "O", "O"),
            ("apple", "B-ORG", firm),
            (",", "O", "O"),
            ("especially", "O", "O"),
            ("iphone", "O", "O"),
        ],
    ]
    numbered = enumerate(sentences)
    return "\n".join("".join(f"{number} {' '.join(row)}\n" for row in sentence) for number, sentence in numbered)
