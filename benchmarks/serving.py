"""How fast MLflow's server answers for the champions of this workspace, and what it adds to the model's own time.

`make bench-serving [MODEL=models:/name@champion] [THREADS=n]`; without MODEL every registered champion in turn. One request
after another, one text each, of words of the model's own vocabulary. The last line of a model holds its figures, in ms.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

REQUESTS = {25: 300, 2000: 60}
"""Words of a text → requests that are counted."""
WARM_UP = 20
"""First requests, which are not."""
START = 120
"""Seconds that a server may take to start."""


def main() -> None:
    """Measure and print."""
    options = _options()
    for model in [options.model] if options.model else champions():
        measure(model, options.threads)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="address of a model; none: every champion")
    parser.add_argument("--threads", type=int, default=1, help="of the server's arithmetic")
    return parser.parse_args()


def champions() -> list[str]:
    """Return the addresses of all champions, by name."""
    from mlflow import MlflowClient

    found = [
        f"models:/{model.name}@champion" for model in MlflowClient().search_registered_models() if "champion" in model.aliases
    ]
    if not found:
        sys.exit("error: no champion is registered here; `make run` registers them, and --model names another model")
    return sorted(found)


def measure(model: str, threads: int) -> None:
    """Print the times of one model: alone in this process, and behind the server."""
    import torch
    from mlflow.pyfunc import load_model

    torch.set_num_threads(threads)
    loaded = load_model(model)
    words = str(loaded.input_example[0]).split()  # type: ignore[index]
    print(f"{model}: requests of one text, threads: {threads}; median and 95th percentile in ms", flush=True)
    figures: dict[str, float] = {}
    with served(model, threads) as (address, seconds), requests.Session() as session:
        for length, count in REQUESTS.items():
            texts = list(_texts(words, length, WARM_UP + count))
            behind = _times(lambda text: _ask(session, address, text), texts)
            alone = _times(lambda text: loaded.predict([text]), texts)
            figures |= {f"p50_{length}": behind[0], f"p95_{length}": behind[1], f"model_p50_{length}": alone[0]}
            shown = f"server {behind[0]:.1f} and {behind[1]:.1f}; model alone {alone[0]:.1f} and {alone[1]:.1f}"
            print(f"  {length:>5} words: {shown}", flush=True)
    print(f"  start of the server: {seconds:.1f} s")
    print(" ".join(f"{name}={value:.3g}" for name, value in figures.items()), flush=True)


@contextmanager
def served(model: str, threads: int) -> Iterator[tuple[str, float]]:
    """Serve a model as long as the block runs; yield its address and the seconds that it took to start."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    serve = ["mlflow", "models", "serve", "-m", model, "--env-manager", "local"]
    command = [sys.executable, "-m", *serve, "--port", str(port)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    began, silent = time.perf_counter(), subprocess.DEVNULL
    server = subprocess.Popen(command, env=environment, stdout=silent, stderr=silent)
    try:
        address = f"http://127.0.0.1:{port}"
        while not _is_up(address):
            if server.poll() is not None or time.perf_counter() - began > START:
                sys.exit(
                    f"error: {model}: the server does not start; `mlflow models serve -m {model} --env-manager local` says why"
                )
            time.sleep(0.1)
        yield address, time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def _is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/ping", timeout=5).ok
    except requests.ConnectionError:
        return False


def _ask(session: requests.Session, address: str, text: str) -> None:
    session.post(f"{address}/invocations", json={"inputs": [text]}, timeout=60).raise_for_status()


def _texts(words: list[str], length: int, count: int) -> Iterator[str]:
    rng = random.Random(length)
    return (" ".join(rng.choices(words, k=length)) for _ in range(count))


def _times(ask: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the time for a text, in ms."""
    times = []
    for text in texts:
        began = time.perf_counter()
        ask(text)
        times.append(1000 * (time.perf_counter() - began))
    steps = statistics.quantiles(times[WARM_UP:], n=20)
    return steps[9], steps[18]


if __name__ == "__main__":
    main()
