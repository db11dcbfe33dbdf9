"""One thread for each test process, and the same examples in each run.

The threads of torch's kernels wait spinning, and starve each other on a busy machine.
"""

import gc
import os

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# No test goes by the clock; the long form (CONTRIBUTING.md) draws new examples.
settings.register_profile("rnnpipe", deadline=None, derandomize="RNNPIPE_EXAMPLES" not in os.environ)
settings.load_profile("rnnpipe")


@pytest.fixture(autouse=True, scope="module")
def light() -> None:
    """Keep what earlier files have imported and made out of garbage collection: Lightning collects at each end of a training."""
    gc.freeze()
