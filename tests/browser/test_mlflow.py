"""MLflow's user interface in a real browser: behind the printed links stand scores, a comparison, and what a run is."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.tracking.pipeline import Identity
from rnnpipe.tracking.runs import begin
from rnnpipe.tracking.store import Store
from rnnpipe.tracking.ui import links

PATIENCE = 90_000
"""Milliseconds: MLflow's page is large, and machines that test are slow."""

SERVE = "from rnnpipe.tracking.ui import serve; serve({port})"
SCORES = {"rnn": 93.7, "lstm": 97.6, "gru": 97.7, "lstm-deep": 98.2}


@pytest.fixture(scope="module")
def shown(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Serve a database with the runs of one task; yield name → link, as `rnnpipe ui` prints them."""
    folder = tmp_path_factory.mktemp("tracked")
    uri, port = f"sqlite:///{folder}/mlflow.db", free_port()
    store = Store(uri)
    for seed, (name, score) in enumerate(SCORES.items()):
        track(
            store,
            folder,
            name,
            score,
            {"corpus": "texts", "network": {"cell": name.partition("-")[0], "hidden": 8}, "seed": seed},
        )
    environment = {**os.environ, "MLFLOW_TRACKING_URI": uri}
    with subprocess.Popen([sys.executable, "-c", SERVE.format(port=port)], cwd=folder, env=environment) as server:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield dict(line.split(maxsplit=1) for line in links(store, f"http://127.0.0.1:{port}"))
        server.terminate()


def track(store: Store, folder: Path, name: str, score: float, parameters: dict[str, Any]) -> None:
    identity = Identity(f"train_sentiment@{name}", "true", f"{name} key", {"data/encoded/texts": "5" * 64})
    run = begin(store, "sentiment", name, identity, parameters, "cache")
    curve = [("train/loss_nats", 1 / step, step) for step in range(1, 6)]
    store.log(run, [("test/accuracy_percent", score, 0), ("best/validation_accuracy_percent", score, 0), *curve])
    (folder / "model").mkdir(exist_ok=True)
    (folder / "model/config.json").write_text(json.dumps(parameters))
    store.copy_directory(run, folder / "model", "model")
    store.end(run, "FINISHED")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{address}: no answer")


def test_the_printed_link_shows_all_scores_sorted_without_a_click(tab: Callable[..., Any], shown: dict[str, str]) -> None:
    opened = tab(shown["sentiment"])
    opened.page.get_by_text("lstm-deep texts").first.wait_for(timeout=PATIENCE)
    opened.page.get_by_text("98.2").first.wait_for(timeout=PATIENCE)
    text = opened.page.inner_text("body")
    assert [float(number) for number in re.findall(r"^9\d\.\d$", text, re.MULTILINE)][::2] == sorted(
        SCORES.values(), reverse=True
    )
    assert "test/accuracy_percent" in text
    assert {request.split("/")[2] for request in opened.requests if request.startswith("http")} == {
        shown["sentiment"].split("/")[2]
    }


def test_the_comparison_has_curves_and_parallel_coordinates(tab: Callable[..., Any], shown: dict[str, str]) -> None:
    page = tab(shown["compared"]).page
    page.get_by_text("Comparing 4 Runs").first.wait_for(timeout=PATIENCE)
    text = page.inner_text("body")
    assert "Parallel Coordinates Plot" in text
    for name in SCORES:
        assert f"{name} texts" in text


def test_a_run_s_page_says_what_it_is_and_holds_its_files(tab: Callable[..., Any], shown: dict[str, str]) -> None:
    page = tab(shown["sentiment"]).page
    page.get_by_text("lstm-deep texts").first.click(timeout=PATIENCE)
    page.get_by_text("dvc repro train_sentiment@lstm-deep").first.wait_for(timeout=PATIENCE)
    page.get_by_text("Artifacts", exact=True).first.click()
    page.get_by_text("model", exact=True).first.click(timeout=PATIENCE)
    page.get_by_text("config.json").first.wait_for(timeout=PATIENCE)
