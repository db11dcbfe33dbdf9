"""Stage verify_equations: cells against the lecture's equations, embeddings against E · o, autograd against the sum over time."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(out: Path) -> None:
    """Write `metrics.json`: the largest difference of each comparison, rounded up to a power of ten."""
    import torch

    from rnnpipe.verification.comparisons import measure

    torch.manual_seed(derive_seed(load_params().seed, "verify_equations"))
    write_json(out / "metrics.json", measure())


if __name__ == "__main__":
    run_stage(main)
