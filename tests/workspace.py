"""A copy of the project in a folder of its own, as a fresh clone with the user's changes, and its runners."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from compileall import compile_dir
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
MADE = ("data", "embeddings", "models", "reports")

NOT_COPIED = re.compile(r"reports/.*metrics\.json|reports/(scores|published)/|dvc\.lock|durations\.csv|docs/")
"""Results that are in git, which these pipelines make themselves."""


class Workspace:
    """The project copied to `folder`, with the parameters of `params`."""

    def __init__(self, folder: Path, params: dict[str, Any]) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
        )
        for name in listed.stdout.decode().split("\0"):
            source = ROOT / name
            if name and source.is_file() and not NOT_COPIED.match(name):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target, follow_symlinks=False)  # stages.yaml is a link
        compile_dir(folder / "src", quiet=1)  # once, and not at each start of a stage
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        self.write_params(params)

    def copy(self, folder: Path) -> Workspace:
        """Return the workspace as it stands, in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        other = object.__new__(Workspace)
        other.folder = folder
        return other

    def write_params(self, params: dict[str, Any]) -> None:
        """Replace params.yaml."""
        with (self.folder / "params.yaml").open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(params, file)

    def run(self, command: str, succeed: bool = True, **more: str) -> str:
        """Run a shell command with the environment of the tests; return what it prints."""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self._environment(more),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        text = done.stdout + done.stderr
        assert (done.returncode == 0) == succeed, f"{command}: status {done.returncode}\n{text[-4000:]}"
        return text

    def kill(self, command: str, after: float) -> None:
        """Start a command and kill it after so many seconds, with all that it has started."""
        silent = subprocess.DEVNULL
        runner = subprocess.Popen(
            command, shell=True, cwd=self.folder, env=self._environment({}), start_new_session=True, stdout=silent, stderr=silent
        )
        time.sleep(after)
        os.killpg(runner.pid, signal.SIGKILL)
        runner.wait()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        environment = {
            **os.environ,
            **more,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "src"),
            "DVC_NO_ANALYTICS": "1",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "XDG_CACHE_HOME": str(self.folder.parent / "cache"),
        }
        environment.pop("MLFLOW_TRACKING_URI", None)
        return environment

    def sums(self) -> dict[str, str]:
        """Return path → sha256 of every file that the pipeline made."""
        files = [path for name in MADE for path in (self.folder / name).rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(files)
            if path.name not in (".gitignore", ".snakemake_timestamp") and path.suffix != ".dvc"
        }

    def lock(self) -> Any:
        """Return dvc.lock as a mapping: the order of its stages is that of their running."""
        return YAML(typ="safe").load(self.folder / "dvc.lock")


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return two nested mappings as one; where both have a value, `above` wins."""
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result
