"""Training of taggers."""

from torch import Tensor

from rnnpipe.modules.sequence import Part, SequenceModule
from rnnpipe.text.batches import Batch


class NerModule(SequenceModule):
    """One tag for a word; the network maps (ids (B, T), lengths (B,)) to logits (B, T, C)."""

    def logits(self, batch: Batch, part: Part) -> Tensor:  # noqa: D102
        logits: Tensor = self.network(batch.ids, batch.lengths)
        return logits

    def scores(self, loss: float, accuracy: float) -> dict[str, float]:
        """Accuracy in percent of the words; the F1 of spans is for the evaluation."""
        return {"accuracy": 100 * accuracy}
