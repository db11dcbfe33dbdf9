"""How fast word vectors are made here: counting, GloVe, Word2Vec, and softmax layers, on this machine, in one run.

`make bench-embeddings [CORPUS=text] [GLOVE_C=dir] [WORD2VEC_C=dir] [THREADS=n] [EPOCHS=n]`; a corpus is words between spaces, a
document a line; without one a text of 20 million words is made. The programs of others, compiled, are timed beside ours with
the same threads, sizes and epochs. Times are wall seconds of whole steps, reading included. The last line holds all figures.
"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import programs
from machine import write_zipf_text
from process import step

MADE_TOKENS = 20_000_000
DIMENSION, WINDOW, MIN_COUNT = 100, 10, 5
WORD2VEC = {"dimension": DIMENSION, "window": 5, "negative": 5, "subsample": 1e-4, "epochs": 1, "min_count": MIN_COUNT}
WORD2VEC_BYTES = 2**24
"""Word2Vec runs on the first lines only: some 3 million words, half a minute for one epoch of the slowest program."""
VOCABULARY_SIZES = (1_000, 10_000, 100_000)

Figures = dict[str, float]


def main() -> None:
    """Measure and print."""
    options = _options()
    with TemporaryDirectory(dir=options.scratch) as folder:
        work = Path(folder)
        corpus = options.corpus or work / "corpus.txt"
        if not options.corpus:
            write_zipf_text(corpus, MADE_TOKENS)
        bandwidth = step("memory", options.threads)[0]["bytes_per_s"]
        _say("memory", f"{bandwidth / 1e9:.1f} GB/s streamed by {options.threads} threads (a = b + 3c)")
        figures = {"threads": options.threads, "memory_gb_per_s": bandwidth / 1e9}
        figures |= _count(options, corpus, work)
        figures |= _fit(options, work, bandwidth)
        figures |= _word2vec(options, corpus, work)
        figures |= _softmax()
    print(" ".join(f"{name}={value:.6g}" for name, value in figures.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="text; none: words by Zipf's law")
    parser.add_argument("--glove-c", type=Path, help="folder of Stanford's compiled GloVe")
    parser.add_argument("--word2vec-c", type=Path, help="folder of Google's compiled word2vec")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--epochs", type=int, default=3, help="of GloVe")
    parser.add_argument("--memory-mb", type=int, default=2048, help="for counting")
    parser.add_argument("--scratch", type=Path, help="folder for some GB of files that are removed at the end")
    options = parser.parse_args()
    if options.corpus and not options.corpus.is_file():
        sys.exit(f"error: {options.corpus}: no such file")
    return options


def _count(options: argparse.Namespace, corpus: Path, work: Path) -> Figures:
    settings = {"window": WINDOW, "min_count": MIN_COUNT, "memory_mb": options.memory_mb}
    ours, usage = step("count", options.threads, corpus=str(corpus), work=str(work), **settings)
    tokens, seconds = ours["tokens"], ours["seconds"]
    _say("counting", f"{tokens:,} tokens, {ours['words']:,} words, {ours['entries']:,} non-zeros; text to merged counts:")
    parts = ", ".join(f"{part} {ours[f'{part}_s']:.1f}" for part in ("read", "count", "merge"))
    _say("  rnnpipe", f"{tokens / seconds:,.0f} tokens/s, {seconds:.1f} s ({parts}), {usage.peak_mb:,.0f} MiB")
    figures = {"count_tokens_per_s": tokens / seconds, "count_seconds": seconds, "count_peak_mb": usage.peak_mb}
    figures |= {"tokens": tokens, "nonzeros": ours["entries"]}
    if options.glove_c:
        text = programs.readable_for_stanford(corpus, work)
        vocabulary, cooccur = programs.stanford_count(options.glove_c, text, work, WINDOW, MIN_COUNT)
        theirs = vocabulary.wall + cooccur.wall
        _say("  Stanford", f"{tokens / theirs:,.0f} tokens/s, {theirs:.1f} s, {cooccur.peak_mb:,.0f} MiB (one thread, as it is)")
        figures |= {"stanford_count_seconds": theirs, "count_ratio": theirs / seconds}
        _say("  ratio", f"{theirs / seconds:.2f}")
    return figures


def _fit(options: argparse.Namespace, work: Path, bandwidth: float) -> Figures:
    settings = {"dimension": DIMENSION, "epochs": options.epochs}
    ours, usage = step("fit", options.threads, work=str(work), **settings)
    rate = ours["entries"] * options.epochs / ours["seconds"]
    # Both rows and their AdaGrad sums are read and written, and a non-zero is two ids, log x and f(x).
    share = rate * (4 * 2 * 4 * DIMENSION + 16) / bandwidth
    _say("GloVe", f"{DIMENSION} numbers a word, {options.epochs} epochs, {options.threads} threads, loss {ours['loss']:.5f}:")
    _say("  rnnpipe", f"{rate:,.0f} non-zeros/s, {ours['seconds']:.1f} s, {usage.peak_mb:,.0f} MiB")
    _say("  memory", f"{share:.2f} of the streaming rate; above 1: rows are found in the cache")
    figures = {"glove_nonzeros_per_s": rate, "glove_seconds": ours["seconds"], "glove_peak_mb": usage.peak_mb}
    figures |= {"glove_loss": ours["loss"], "glove_bandwidth_share": share}
    if options.glove_c:
        step("stanford_counts", 1, work=str(work))
        theirs = programs.stanford_fit(options.glove_c, work, DIMENSION, options.epochs, options.threads)
        their_rate = ours["entries"] * options.epochs / theirs.wall
        _say("  Stanford", f"{their_rate:,.0f} non-zeros/s, {theirs.wall:.1f} s, {theirs.peak_mb:,.0f} MiB, same counts")
        _say("  ratio", f"{theirs.wall / ours['seconds']:.2f}")
        figures |= {"stanford_glove_seconds": theirs.wall, "glove_ratio": theirs.wall / ours["seconds"]}
    return figures


def _word2vec(options: argparse.Namespace, corpus: Path, work: Path) -> Figures:
    part = work / "part.txt"
    with corpus.open("rb") as source, part.open("wb") as file:
        file.writelines(source.readlines(WORD2VEC_BYTES))
    ours, usage = step("word2vec", 1, corpus=str(part), work=str(work), **WORD2VEC)
    words, seconds = ours["tokens"], ours["seconds"]
    _say("Word2Vec", f"skip-gram, 5 negatives, {words:,} words, one epoch, one thread:")
    _say("  rnnpipe", f"{words / seconds:,.0f} words/s, {seconds:.1f} s, {usage.peak_mb:,.0f} MiB")
    by_hand, _ = step("gensim_by_hand", 1, corpus=str(part), **WORD2VEC)
    _say("  gensim", f"{words / by_hand['seconds']:,.0f} words/s, {by_hand['seconds']:.1f} s, called by hand")
    figures = {"word2vec_words_per_s": words / seconds, "word2vec_peak_mb": usage.peak_mb}
    figures |= {"word2vec_gensim_ratio": by_hand["seconds"] / seconds}
    if options.word2vec_c:
        theirs = programs.google_word2vec(options.word2vec_c, part, work, WORD2VEC, 1)
        _say("  Google", f"{words / theirs.wall:,.0f} words/s, {theirs.wall:.1f} s, {theirs.peak_mb:,.0f} MiB")
        figures |= {"google_word2vec_seconds": theirs.wall, "word2vec_ratio": theirs.wall / seconds}
    return figures


def _softmax() -> Figures:
    figures: Figures = {}
    _say("softmax", f"pairs/s of the window network's layers, {DIMENSION} numbers a word, one thread:")
    for layer in ("full", "hierarchical", "negative"):
        rates: dict[str, Any] = {}
        for size in VOCABULARY_SIZES:
            measured, _ = step("softmax", 1, layer=layer, vocabulary=size, dimension=DIMENSION)
            rates[f"{size:,} words"] = measured["pairs_per_s"]
            figures[f"softmax_{layer}_{size}_pairs_per_s"] = measured["pairs_per_s"]
        _say(f"  {layer}", ", ".join(f"{size}: {rate:,.0f}" for size, rate in rates.items()))
    return figures


def _say(name: str, text: str) -> None:
    print(f"{name:<16}{text}", flush=True)


if __name__ == "__main__":
    main()
