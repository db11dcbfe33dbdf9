"""The data section of a card: where the corpus of a model comes from, by params.yaml, and how large it is, as measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnnpipe.params import Params


@dataclass(frozen=True)
class Split:
    """A split of a corpus."""

    name: str
    words: int
    outside: float
    """Words outside the vocabulary, in percent."""


def splits(coverage: Mapping[str, Any]) -> list[Split]:
    """Return the splits that the vocabulary was measured on, train first, from `splits.<name>.tokens` and `.oov_rate`."""
    names = {key.split(".")[1] for key in coverage if key.startswith("splits.")}
    order = sorted(names, key=lambda name: (name != "train", name != "validation", name != "test", name))
    return [Split(name, coverage[f"splits.{name}.tokens"], coverage[f"splits.{name}.oov_rate"]) for name in order]


def origin(params: Params, corpus: str) -> str:
    """Return where the raw text of a corpus comes from; a corpus that shares another's files has its origin."""
    raw = params.shared.get(corpus, corpus)
    if raw in params.grammars:
        return f"drawn from the grammar `{params.grammars[raw].kind}` by a seed, no text that anybody wrote"
    if raw in params.downloads:
        download = params.downloads[raw]
        where = f"<{download.urls[0]}>" if download.urls else "its publisher, who gives it out by licence only"
        return f"`{download.file}`, from {where}"
    if raw in params.joined:
        joined = params.joined[raw]
        return f"the corpora `{joined.first}` and `{joined.second}` as one text"
    return f"the project's own files in `data/raw/{raw}/`"


def licence(params: Params, corpus: str) -> str:
    """Return the licence of a corpus, and that of the download that it was taken from where this is another one."""
    own = params.corpora[corpus].licence
    download = params.downloads.get(params.shared.get(corpus, corpus))
    return own if download is None or download.licence == own else f"{own} (of the download: {download.licence})"
