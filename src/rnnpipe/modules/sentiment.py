"""Training of classifiers of whole texts."""

from torch import Tensor

from rnnpipe.modules.sequence import Part, SequenceModule
from rnnpipe.text.batches import Batch


class SentimentModule(SequenceModule):
    """One label for a text; the network maps (ids (B, T), lengths (B,)) to logits (B, C)."""

    def logits(self, batch: Batch, part: Part) -> Tensor:  # noqa: D102
        logits: Tensor = self.network(batch.ids, batch.lengths)
        return logits

    def scores(self, loss: float, accuracy: float) -> dict[str, float]:
        """Accuracy in percent of the texts."""
        return {"accuracy": 100 * accuracy}
