"""Parameters that the runs of all tasks have."""

from __future__ import annotations

from typing import ClassVar

from rnnpipe.params.base import Name, Score, Selection, Strict
from rnnpipe.params.network import Network, Optimizer, Trainer


class Run(Strict):
    """A network, how it is trained, and on what; each task adds its own fields."""

    title: ClassVar[str]
    """Name of the task in the report."""
    score: ClassVar[Score]
    """On the test split."""
    directions: ClassVar[dict[str, bool]] = {"loss": False}
    """Validation scores that may choose the epoch → whether more is better."""
    needs: ClassVar[str | None] = None
    """Format that the corpus must have; None: any."""

    corpus: Name
    """An entry of `corpora`."""
    embedding: Name
    """An embedding, whichever section makes it."""
    network: Network
    optimizer: Optimizer = Optimizer()
    trainer: Trainer = Trainer()
    seed: int = 1
    """Of the weights, the order of the batches and dropout. Runs that differ in it alone are one row of the report."""
    selection: str
    """The validation score that chooses the kept epoch, ends the training (`patience`) and tells the best of several runs."""

    @property
    def selected_by(self) -> Selection:
        """The score of `selection`, and which way is better."""
        return Selection(self.selection, self.directions[self.selection])
