"""MLflow's own user interface, for this machine only."""

import logging
import os
import socket
import sys

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.tracking.addresses import artifact_folder, store_uri
from rnnpipe.tracking.store import Store
from rnnpipe.tracking.views import VIEWS, comparison_link, view_link

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORT = 5000
COMPARED = 4
"""Runs behind the link that compares the best ones of a task."""


def links(store: Store, address: str) -> list[str]:
    """Return a line for each task with runs, its view; and one that compares the best runs of the task that has most."""
    experiments = {name: number for name, number in store.experiments().items() if name in VIEWS}
    lines = [f"{name:<16} {view_link(address, number)}" for name, number in experiments.items()]
    best = {name: store.best(name, VIEWS[name].score, VIEWS[name].higher_is_better, COMPARED) for name in experiments}
    name = max(best, key=lambda name: len(best[name]), default="")
    if name and len(best[name]) > 1:
        lines.append(f"{'compared':<16} {comparison_link(address, experiments[name], best[name])}")
    return lines


def address_of(uri: str, port: int = PORT) -> str:
    """Return where the store's runs are shown: its own address, or that of `rnnpipe ui`."""
    return uri.rstrip("/") if uri.startswith("http") else f"http://{HOST}:{port}"


def require_free(port: int) -> None:
    """Refuse a port that another program listens on: MLflow would find out after many lines."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as MLflow's server does: what was closed just now is free
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RnnpipeError(f"port {port}: {error.strerror}; name another one, such as --port {port % 65535 + 1}") from None


def serve(port: int) -> None:
    """Say where the runs of each task are shown, and become MLflow's server; where the store is a server, only say it.

    Parameters
    ----------
    port : int
        TCP port on 127.0.0.1.
    """
    uri = store_uri()
    for line in links(Store(uri), address_of(uri, port)):
        logger.info("%s", line)
    if uri.startswith("http"):
        return
    sys.stderr.flush()
    command = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", uri]
    folder = artifact_folder(uri)
    if folder:
        command += ["--artifacts-destination", str(folder)]
    os.execv(sys.executable, command)
