"""A stage's process: threads from the first import, its end with its runner, GPUs of its own, its time written down."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnnpipe.common import gpus
from rnnpipe.common.process import declared_threads

ROOT = Path(__file__).parent.parent.parent.parent
STAGE = """
import numpy
from rnnpipe.common.command import run_stage

def main(threads: int = 1) -> None:
    import json, torch, threadpoolctl
    pools = [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]
    print(json.dumps([*pools, torch.get_num_threads()]))

if __name__ == "__main__":
    run_stage(main)
"""


@pytest.fixture
def stage(tmp_path: Path) -> dict[str, str]:
    """The environment in which the stage above is one of the package's own."""
    package = tmp_path / "src/rnnpipe"
    package.mkdir(parents=True)
    for name in ("__init__.py", "common", "stages/__init__.py"):
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).symlink_to(ROOT / "src/rnnpipe" / name)
    (package / "stages/ask.py").write_text(STAGE, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(tmp_path / "src")}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("runner", [{"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "2"}, {}], ids=["snakemake", "dvc"])
def test_libraries_take_the_declared_threads(threads: int, runner: dict[str, str], stage: dict[str, str], tmp_path: Path) -> None:
    environment = {name: value for name, value in stage.items() if not name.endswith("_NUM_THREADS")} | runner
    done = subprocess.run(
        [sys.executable, "-m", "rnnpipe.stages.ask", "--threads", str(threads)],
        env={**environment, "DVC_STAGE": "ask@it"}, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken = json.loads(done.stdout)
    assert len(taken) >= 2
    assert set(taken) == {threads}
    assert (tmp_path / "logs/seconds/ask@it").read_text().strip().isdecimal()


@pytest.mark.parametrize(
    ("arguments", "threads"),
    [([], 1), (["--threads", "3"], 3), (["--run", "a", "--threads=4"], 4), (["--threads"], 1), (["--threads", "x"], 1)],
)
def test_threads_are_read_from_the_command_line(arguments: list[str], threads: int) -> None:
    assert declared_threads(arguments) == threads


def test_importing_the_stages_changes_no_environment() -> None:
    ask = "import os; before = dict(os.environ); import rnnpipe.stages; assert before == dict(os.environ)"
    subprocess.run([sys.executable, "-c", ask, "--threads", "7"], env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_stage_ends_with_its_runner(stage: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "src/rnnpipe/stages/ask.py").write_text("import time, os; print(os.getpid(), flush=True); time.sleep(60)\n")
    runner = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'rnnpipe.stages.ask'])"
    process = subprocess.Popen([sys.executable, "-c", runner], env=stage, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "\nState:\tZ" in Path(f"/proc/{child}/status").read_text():
            return
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the stage lives on")


CLAIM = """
import os, sys, time
from rnnpipe.common.gpus import claim_gpus
claim_gpus(int(sys.argv[1]), pause=0.05)
print(os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def two_gpus(tmp_path: Path) -> dict[str, str]:
    """An environment with a machine of two GPUs."""
    tool = tmp_path / "bin/nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nprintf '0, GPU-aa\\n1, GPU-bb\\n'\n")
    tool.chmod(0o755)
    left_out = {"CUDA_VISIBLE_DEVICES", "LOCAL_RANK", "SLURM_JOB_ID", gpus.SWITCH}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **environment,
        "PATH": f"{tool.parent}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
    }


def claim(environment: dict[str, str], count: int = 1, seconds: float = 0.0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLAIM, str(count), str(seconds)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_stages_side_by_side_share_no_gpu(two_gpus: dict[str, str]) -> None:
    first = claim(two_gpus, seconds=60)
    assert told(first) == "0"
    second = claim(two_gpus, seconds=60)
    assert told(second) == "1"
    third = claim(two_gpus)
    time.sleep(0.5)
    assert third.poll() is None, "it waits"
    first.kill()
    assert told(third) == "0"
    second.kill()
    for process in (first, second, third):
        process.communicate()


@pytest.mark.parametrize(
    ("more", "count", "seen"),
    [
        ({}, 0, "None"),
        ({}, 2, "0,1"),
        ({}, 5, "0,1"),
        ({gpus.SWITCH: "off"}, 1, "None"),
        ({"LOCAL_RANK": "1", "CUDA_VISIBLE_DEVICES": "0,1"}, 1, "0,1"),
        ({"SLURM_JOB_ID": "7"}, 1, "None"),
        ({"CUDA_VISIBLE_DEVICES": "1"}, 1, "1"),
        ({"CUDA_VISIBLE_DEVICES": "GPU-bb"}, 1, "GPU-bb"),
        ({"CUDA_VISIBLE_DEVICES": ""}, 1, ""),
    ],
)
def test_the_environment_says_otherwise(more: dict[str, str], count: int, seen: str, two_gpus: dict[str, str]) -> None:
    assert claim({**two_gpus, **more}, count).communicate()[0].strip() == seen


def test_without_gpus_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpus.visible_gpus({}) == {}
    before = dict(os.environ)
    gpus.claim_gpus(1)
    assert before == dict(os.environ)


@pytest.mark.parametrize(
    "line",
    ["raise MemoryError('Unable to allocate 9 EiB')", "import torch; torch.empty(10**15)", "import numpy; numpy.empty(10**15)"],
)
def test_too_little_memory_is_one_line(line: str, stage: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "src/rnnpipe/stages/large.py").write_text(
        f"from rnnpipe.common.command import run_stage\n\ndef main() -> None:\n    {line}\n\nrun_stage(main)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "rnnpipe.stages.large"], env=stage, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: out of memory (")
    assert done.stderr.count("\n") == 1
