"""How fast language models are trained here, beside PyTorch's example `word_language_model`, and each cell beside the others.

`make bench-language-model [EXAMPLE=dir] [ROUNDS=n]`; EXAMPLE is the folder `word_language_model` of pytorch/examples, without it
the same loop runs here. Everything is timed in turn, round by round, on one thread and on two; a ratio is the median of the
rounds' ratios. Ids are WikiText-2's where RNNPIPE_MIRROR has it. The figures go to `reports/benchmarks/language_model.json`,
which is kept in git: the claim `gru-lstm-speed` of the report reads it.
"""

import argparse
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from process import step

from rnnpipe.common.tables import write_metrics

TARGET = Path("reports/benchmarks/language_model.json")
THREADS = (1, 2)
BARS = {"full": 1.5, "bf16": 2.5, "adaptive": 4.0}
"""Whole steps of ours over the example's: what they are to reach."""


def main() -> None:
    """Measure, print, and write the file."""
    options = _options()
    os.environ["CUDA_VISIBLE_DEVICES"] = ""  # times of the processor
    figures: dict[str, Any] = {"hardware": _hardware(), "versions": _versions()}
    for threads in THREADS:
        measured, _ = step(
            "language_model", threads, rounds=options.rounds, folder=str(options.example) if options.example else None
        )
        figures[f"threads-{threads}"] = measured
        _print(threads, measured)
    write_metrics(options.out, figures)
    print(options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--example", type=Path, help="folder word_language_model of pytorch/examples")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    if options.example and not (options.example / "model.py").is_file():
        sys.exit(f"error: {options.example}: no model.py in it; give the folder word_language_model of pytorch/examples")
    return options


def _hardware() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"processor": names[0] if names else platform.processor() or platform.machine(), "processors": os.cpu_count()}


def _versions() -> dict[str, str]:
    packages = ("rnnpipe", "torch", "pytorch-lightning", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def _print(threads: int, figures: dict[str, Any]) -> None:
    peak = f"peak in GFLOP/s: {figures['peak']['32']:.0f} in float32, {figures['peak']['bf16']:.0f} in bfloat16"
    print(f"threads: {threads}; ids: {figures['ids']}; example: {figures['example']}; {peak}")
    for name, speed in figures["training"].items():
        ratio = figures["speedup"].get(name)
        bar = f" (to reach: {BARS[name]:g})" if name in BARS else ""
        print(f"  {name:<14}{speed:>9,.0f} tokens/s" + (f"  {ratio:.2f} × the example{bar}" if ratio else ""))
    for size, cells in figures["cells"].items():
        print(f"  a layer, {figures['sizes'][size]}: tokens/s, share of the peak")
        for name, cell in cells.items():
            print(f"    {name:<12}{cell['tokens_per_second']:>9,.0f}  {cell['share_of_peak']:.2f}")
        print("    " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in figures["ratios"][size].items()), flush=True)


if __name__ == "__main__":
    main()
