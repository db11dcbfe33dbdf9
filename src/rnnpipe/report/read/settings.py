"""What a run is, in words: its model, the settings in which it differs from others, those that all share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rnnpipe.common.tables import flatten
from rnnpipe.params import Run
from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.groups import Group
from rnnpipe.report.read.measurements import Measured

SAID = ("seed", "corpus", "embedding", "selection", "network.cell", "network.hidden", "network.layers", "network.bidirectional")
"""Settings that have columns of their own, or are part of the model's description."""
COMMON = {
    "optimizer.learning_rate": "learning rate {}",
    "trainer.epochs": "at most {} epochs",
    "trainer.batch_size": "batches of {}",
}
"""Settings that are told where all networks share them."""


def describe(run: Measured) -> str:
    """Say in a few words what a run is: `lstm 2 × 64, both directions`, `Kneser-Ney, order 5`, `lstm + kneser-ney-5`."""
    parameter = run.parameter
    if run.section == "ngram":
        return f"Kneser-Ney, order {parameter('order')}"
    if run.section == "mixed":
        return " + ".join(parameter("models"))
    if run.section == "bag_of_words":
        longest = f", up to {parameter('ngrams')}-grams" if parameter("ngrams") > 1 else ""
        return f"bag of words, {parameter('weighting')}{longest}"
    if run.section == "feature_tagger":
        return "CRF on chosen features" if parameter("kind") == "crf" else "most frequent tag"
    if run.section == "mlp":
        return f"MLP {parameter('hidden')}, {parameter('length')} words"
    return f"{parameter('network.cell')} {layer_sizes(run)}" + (", both directions" if parameter("network.bidirectional") else "")


def layer_sizes(run: Measured) -> str:
    """Write layers × width, or the width of each layer where they differ."""
    layers, hidden = run.parameter("network.layers"), run.parameter("network.hidden")
    return " – ".join(map(str, hidden)) if isinstance(hidden, tuple) else f"{layers} × {hidden}"


def differing(groups: Iterable[Group]) -> list[str]:
    """Return the settings, by dotted path, in which networks differ and that are not `SAID`."""
    values: dict[str, set[str]] = {}
    for group in _networks(groups):
        for path, value in flatten(group.first.parameters.model_dump(mode="json")).items():
            values.setdefault(path, set()).add(repr(value))
    return [path for path, found in values.items() if len(found) > 1 and path not in SAID]


def heading(path: str, among: Sequence[str]) -> str:
    """Return the last part of a path, or all of it where another ends alike."""
    last = path.rpartition(".")[2]
    alike = [other for other in among if other.rpartition(".")[2] == last]
    return (path if len(alike) > 1 else last).replace("_", " ")


def setting(group: Group, path: str) -> str:
    """Write the value of a setting; a dash where there is none."""
    value = flatten(group.first.parameters.model_dump(mode="json")).get(path)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return MISSING if value is None else str(value)


def common(groups: Sequence[Group]) -> str:
    """Say which of the most asked-for settings all networks share."""
    network = next(iter(_networks(groups)), None)
    if network is None:
        return ""
    unequal = differing(groups)
    said = [words.format(setting(network, path)) for path, words in COMMON.items() if path not in unequal]
    return f"All networks: {', '.join(said)}." if said else ""


def _networks(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if isinstance(group.first.parameters, Run)]
