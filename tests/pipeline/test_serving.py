"""`mlflow models serve` for a champion of every task: the answers of the command line, over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from registered import Registered
from small_corpora import WORDS
from small_runs import KINDS, TASKS
from typer.testing import CliRunner

from rnnpipe.cli import app

REQUESTS = 100
LONGEST = 2000
"""Words of the longest text."""
START = 120
"""Seconds that a server may take to start on a busy machine."""

tasks = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with a champion of every task, in the working directory."""
    folder = tmp_path_factory.mktemp("served") / "a workspace"
    folder.mkdir()
    before = Path.cwd()
    os.chdir(folder)
    try:
        registered = Registered(folder)
        for task in TASKS:
            registered.train(task, "gru", 50.0)
        registered.track()
        yield folder
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def addresses(folder: Path) -> Iterator[dict[str, str]]:
    """Task → address of its server; they start side by side, each from the registry, by the database beside it."""
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db"}
    ports = {task: free_port() for task in TASKS}
    servers = [
        subprocess.Popen(
            [programs / "mlflow", "models", "serve", "-m", name_of(task), "--env-manager", "local", "--port", str(port)],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for task, port in ports.items()
    ]  # fmt: skip
    try:
        found = {task: f"http://127.0.0.1:{port}" for task, port in ports.items()}
        for address in found.values():
            wait_for(address)
        yield found
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def name_of(task: str) -> str:
    return f"models:/{task}-{KINDS[task]}@champion"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            if requests.get(f"{address}/ping", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    pytest.fail(f"{address}: does not answer after {START} s")


def ask(address: str, body: Any, kind: str = "application/json") -> requests.Response:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return requests.post(f"{address}/invocations", data=data, headers={"Content-Type": kind}, timeout=60)


def texts() -> list[str]:
    """Return texts of 1 to 2,000 words, the longest among them, some words unknown."""
    rng = np.random.default_rng(1)
    lengths = np.exp(rng.uniform(0, np.log(LONGEST), REQUESTS)).astype(int)
    lengths[:2] = 1, LONGEST
    return [" ".join(f"w{word}" for word in rng.integers(0, WORDS + 2, length)) for length in lengths]


def shown(task: str, text: str, answer: dict[str, Any]) -> str:
    """Return what the command line prints for an answer."""
    if task == "sentiment":
        return f"{answer['label']}\t{answer['probability']:.1%}\t{text}\n"
    if task == "ner":
        return "".join(f"{word}\t{tag}\n" for word, tag in zip(answer["words"], answer["tags"], strict=True)) + "\n"
    unknown = f"  ({answer['unknown']} unknown)" if answer["unknown"] else ""
    return f"{answer['log_probability']:.2f}\t{answer['perplexity']:.2f}\t{text}{unknown}\n"


@tasks
def test_answers_are_those_of_the_command_line(addresses: dict[str, str], folder: Path, task: str) -> None:
    command = ["score"] if task == "language_model" else ["predict", task]
    for text in texts():
        answered = ask(addresses[task], {"inputs": [text]})
        assert answered.status_code == 200, answered.text
        (answer,) = answered.json()["predictions"]
        printed = CliRunner().invoke(app, [*command, text, "--model", f"models/{task}/gru"])
        assert shown(task, text, answer) == printed.stdout


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        (b"\xff", "application/json"),
        ([], "application/json"),
        ({}, "application/json"),
        ({"inputs": "w1"}, "application/json"),
        ({"inputs": ["w1", None]}, "application/json"),
        ({"inputs": [7]}, "application/json"),
        ({"inputs": ["half a pair \ud800"]}, "application/json"),
        ("", "text/csv"),
        ("w1", "text/plain"),
    ],
)
def test_a_bad_request_gets_a_reason_and_the_server_lives_on(addresses: dict[str, str], body: Any, kind: str) -> None:
    refused = ask(addresses["ner"], body, kind)
    assert 400 <= refused.status_code < 500
    assert len(refused.text) > 20
    assert ask(addresses["ner"], {"inputs": ["w1"]}).json()["predictions"][0]["words"] == ["w1"]


def test_a_file_is_a_batch(folder: Path) -> None:
    (folder / "texts.csv").write_text("text\nw1 w2\nw3\n")
    command = [sys.executable, "-m", "mlflow", "models", "predict", "-m", name_of("sentiment"), "--env-manager", "local"]
    command += ["--content-type", "csv", "--input-path", "texts.csv", "--output-path", "labels.json"]
    environment = {**os.environ, "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=200)
    answers = json.loads((folder / "labels.json").read_text())["predictions"]
    printed = CliRunner().invoke(app, ["predict", "sentiment", "w1 w2", "w3", "--model", "models/sentiment/gru"])
    assert "".join(map(shown, ["sentiment"] * 2, ["w1 w2", "w3"], answers)) == printed.stdout
