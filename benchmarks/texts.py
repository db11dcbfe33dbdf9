"""How many short texts a second `rnnpipe predict` labels, beside the same network asked in a loop from Python.

`make bench-texts [MODEL=run] [TEXTS=n]`, after `make run`. Texts of eight words of the model's vocabulary go through standard
input; what a command takes for one text is its start, and is taken off. The last line holds the figures.
"""

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

WORDS = 8
LOOP = 2000
"""Texts that the loop is asked for: it is too slow for all."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="run of the task sentiment; none: the best")
    parser.add_argument("--texts", type=int, default=100_000)
    options = parser.parse_args()

    from rnnpipe.cli.texts.choice import find_model

    directory = find_model(("sentiment",), options.model)
    texts = drawn(directory, options.texts)
    start, peak = piped(directory, texts[:1])
    whole, peak = piped(directory, texts)
    speed, loop = len(texts) / (whole - start), looped(directory, texts[:LOOP])
    print(f"{directory}: {len(texts)} texts of {WORDS} words: {whole:.1f} s, of which {start:.1f} s are the start")
    print(f"  {speed:,.0f} texts/s after the start; a loop in Python, one text a call: {loop:,.0f}; memory at most {peak} MiB")
    print(f"texts_per_second={speed:.0f} times_the_loop={speed / loop:.1f} peak_mib={peak}")


def drawn(directory: Path, count: int) -> list[str]:
    """Draw texts of words that the model knows."""
    from rnnpipe.text.vocabulary import RESERVED, Vocabulary

    words = Vocabulary.from_file(directory / "vocabulary.tsv").tokens[len(RESERVED) :]
    rng = random.Random(1)
    return [" ".join(rng.choices(words, k=WORDS)) for _ in range(count)]


def piped(directory: Path, texts: list[str]) -> tuple[float, int]:
    """Return the seconds and the MiB that a command takes for texts that come by a pipe."""
    import resource

    command = ["rnnpipe", "predict", "sentiment", "--model", str(directory), "-"]
    began = time.perf_counter()
    done = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode or done.stdout.count("\n") != len(texts):
        sys.exit(f"error: {done.stderr.strip().splitlines()[-1]}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def looped(directory: Path, texts: list[str]) -> float:
    """Return how many texts a second the network labels when it is asked for one after the other, on one thread."""
    import torch

    from rnnpipe import Classifier, load_model

    torch.set_num_threads(1)
    model = load_model(directory)
    assert isinstance(model, Classifier)
    model.predict(texts[:10])
    began = time.perf_counter()
    for text in texts:
        model.predict([text])
    return len(texts) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
