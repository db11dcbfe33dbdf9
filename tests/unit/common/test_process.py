import platform
import subprocess
import sys

import pytest

CODE = """
import sys
from rnnpipe.common.process import prepare

prepare(["--threads", "2"])
import torch

assert sys.float_info.min / 2 == 0.0
assert torch.get_num_threads() == 2
assert not torch.full((4_000_000,), 1e-39).mul(1.0).any(), "threads of torch inherit it"
"""


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="denormals are flushed on Linux, x86-64")
def test_denormals_are_flushed_in_all_threads_of_a_stage() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
