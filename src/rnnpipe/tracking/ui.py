"""MLflow's own user interface, for this machine only."""

import logging
import os
import sys

from rnnpipe.tracking.store import Store, artifact_folder, store_uri

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"


def serve(port: int) -> None:
    """Say where the runs of each task are shown, and become MLflow's server; where the store is a server, only say it.

    Parameters
    ----------
    port : int
        TCP port on 127.0.0.1.
    """
    uri = store_uri()
    remote = uri.startswith("http")
    address = uri.rstrip("/") if remote else f"http://{HOST}:{port}"
    for name, experiment in Store(uri).experiments().items():
        if name != "Default":
            logger.info("%-16s %s/#/experiments/%s/runs", name, address, experiment)
    if remote:
        return
    sys.stderr.flush()
    command = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", uri]
    folder = artifact_folder(uri)
    if folder:
        command += ["--artifacts-destination", str(folder)]
    os.execv(sys.executable, command)
