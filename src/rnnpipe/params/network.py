"""Parameters of a network, its optimizer and its training: what every run has."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rnnpipe.params.base import NO_RESULT, Count, Rate, Share, Strict, Width

CELLS = ["rnn", "gru_simple", "gru", "lstm", "gru_fused", "mingru", "slstm", "rglru", "mogrifier"]
"""Names of the cells; each is a class of this name in `rnnpipe.layers.cells` or `rnnpipe.layers.fused`."""


def _known_cell(name: str) -> str:
    if name not in CELLS:
        raise ValueError(f"Input should be one of {', '.join(CELLS)}")
    return name


Cell = Annotated[str, AfterValidator(_known_cell), Field(json_schema_extra={"enum": CELLS})]
Initialisation = Literal["default", "orthogonal"]
Pooling = Literal["last", "mean", "max"]


class HeadSettings(Strict):
    """What stands on the hidden states: its kind, and beside it whatever this kind takes (see `rnnpipe.heads`)."""

    model_config = ConfigDict(extra="allow")

    kind: str = "softmax"
    """Name of a module of `rnnpipe.heads` that the task allows."""

    @property
    def options(self) -> dict[str, Any]:
        """What this kind of head takes beside its sizes."""
        return dict(self.model_extra or {})


def _by_name(value: Any) -> Any:
    """Let `head: softmax` stand for `head: {kind: softmax}`."""
    return {"kind": value} if isinstance(value, str) else value


Head = Annotated[HeadSettings, BeforeValidator(_by_name)]


class Network(Strict):
    """Embedding, recurrent layers, head: with the sizes of the data all that is needed to build the network."""

    cell: Cell
    """The lecture's cells; `gru_fused`, the GRU of torch.nn with its reset gate behind the matrix product; and later ones:
    `mingru`, `slstm`, `rglru`, `mogrifier`."""
    hidden: Width | Annotated[tuple[Width, ...], Field(min_length=1)] = 64
    """Numbers in the hidden state of one layer and direction; a list gives each layer its own."""
    layers: Count = 1
    """Recurrent layers, one on the other."""
    bidirectional: bool = False
    """Whether a second network reads from the end to the beginning."""
    initialisation: Initialisation = "default"
    """Recurrent matrices: `default`, uniform in ±1/sqrt(hidden) as in torch.nn, or `orthogonal`."""
    trainable: bool = True
    """Whether the embedding's vectors are trained further; False: frozen."""
    embedding_dropout: Share = 0.0
    """Probability that a word of the vocabulary is dropped, wherever it stands in the batch."""
    input_dropout: Share = 0.0
    """Dropout probability of the numbers of the word vectors, before the first layer."""
    weight_dropout: Share = 0.0
    """Dropout probability of the numbers of the matrices that a layer multiplies its state by, one mask for all steps of a batch
    (Merity et al. 2018)."""
    dropout: Share = 0.0
    """Dropout probability between layers and before the head."""
    layer_dropout: Share | None = None
    """Dropout probability between layers; None: as `dropout`."""
    variational: bool = False
    """Whether `input_dropout`, `layer_dropout` and `dropout` leave out the same numbers at all steps of a text or window
    (Gal & Ghahramani 2016)."""
    head: Head = HeadSettings()

    @model_validator(mode="after")
    def _layers_agree(self) -> Network:
        if isinstance(self.hidden, tuple) and len(self.hidden) != self.layers:
            raise ValueError(f"hidden: names {len(self.hidden)} sizes, but layers is {self.layers}; the two must agree")
        if self.layer_dropout is not None and self.layers == 1:
            raise ValueError("layer_dropout: nothing is between the layers of a network of one; leave it out, or set layers: 2")
        return self

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> Self:
        """Return the network that `resolved` gave these values of; a `ValueError` of one line says what is unknown here."""
        try:
            return cls.model_validate_json(json.dumps(values))
        except ValidationError as error:
            told = [f"network.{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()]
            raise ValueError("; ".join(told)) from None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers in the hidden state of each layer, one direction of it."""
        return self.hidden if isinstance(self.hidden, tuple) else (self.hidden,) * self.layers

    @property
    def between_layers(self) -> float:
        """Dropout probability of a layer's outputs, before the next layer."""
        return self.dropout if self.layer_dropout is None else self.layer_dropout

    @property
    def output_size(self) -> int:
        """Numbers in what the last layer gives out, both directions together."""
        return self.sizes[-1] * (2 if self.bidirectional else 1)


OF_WORDS = ("softmax", "mixture", "adaptive")
"""Heads with a matrix that has a row for each word; the adaptive one with `factor: null`."""


class LanguageModelNetwork(Network):
    """Network of a language model."""

    tied: bool = False
    """The head's matrix is the embedding's (Press & Wolf 2017): the last layer is as wide as the embedding, or `projection`."""
    projection: bool = False
    """A linear layer between the last layer and the tied matrix, from the one's width to the other's."""

    @model_validator(mode="after")
    def _one_direction(self) -> LanguageModelNetwork:
        if self.bidirectional:
            raise ValueError("bidirectional: a language model may not see the words that it predicts")
        if self.tied and not self.trainable:
            raise ValueError("tied: the head's matrix must be trained; set trainable: true")
        if self.tied and self.head.kind not in OF_WORDS:
            raise ValueError(
                f"tied: a head of kind {self.head.kind!r} has no matrix of words; choose one of {', '.join(OF_WORDS)}"
            )
        if self.tied and self.head.kind == "adaptive" and self.head.options.get("factor", "") is not None:
            raise ValueError("tied: an adaptive head has shorter vectors for rare words; set its factor: null, or tied: false")
        if self.projection and not self.tied:
            raise ValueError("projection: leads to a tied matrix; set tied: true")
        return self

    @property
    def word_width(self) -> int | None:
        """Numbers in a row of the head's matrix of words; None where a projection makes it as wide as a word vector."""
        bottleneck: int | None = self.head.options.get("bottleneck")
        return bottleneck or (None if self.projection else self.output_size)


class Optimizer(Strict):
    """How weights follow their gradients, how fast, and whether their average is kept."""

    kind: Literal["adamw", "sgd"] = "adamw"
    """`adamw`: Adam with decoupled weight decay (Loshchilov & Hutter 2019), without decay Adam; `sgd`: plain gradient steps."""
    learning_rate: Rate = 0.001
    """Constant, or the peak of the one-cycle schedule."""
    schedule: Literal["constant", "one_cycle"] = "constant"
    """`one_cycle`: up to the learning rate and down again, over all epochs (Smith & Topin 2018)."""
    warm_up: Annotated[float, Field(gt=0, lt=1)] = 0.3
    """Share of all steps in which the one-cycle schedule goes up."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    """Share of each weight that is taken off at a step, times the learning rate."""
    clip: Rate | None = 1.0
    """Largest norm of the gradient; None: not clipped."""
    average_from: Share | None = None
    """Share of the steps of all epochs after which the weights of all further steps are averaged (Polyak & Juditsky 1992): the
    averages are validated, chosen from and kept. None: never."""


class Trainer(Strict):
    """How long and on what a network is trained."""

    epochs: Count = 5
    """Most epochs; early stopping may end before."""
    patience: Count | None = None
    """Epochs without a better validation score (`selection` of the run) before training stops; None: never."""
    batch_size: Count = 64
    """Documents in a batch, on average; where every word is predicted all batches hold equally many words. Of a stream: rows."""
    precision: Literal["32", "bf16-mixed"] = "32"
    """Of the numbers in training. `bf16-mixed`, on a GPU: bfloat16 where it is safe; on a CPU: products of matrices round their
    factors to bfloat16, if the processor has instructions for it, and their sums and all else stay in float32."""
    devices: Count | Literal["auto"] = "auto"
    """Processes on each machine that share each batch; `auto`: one on a CPU, else all GPUs."""
    threads: Count = 1
    """Cores that each process computes with where it has no GPU. The last bits of a result depend on it, as on the processor."""
    num_nodes: Count = 1
    """Machines that share each batch."""
    strategy: Literal["auto", "ddp"] = "auto"
    """`auto`: `ddp` where there is more than one process."""
    cluster: Annotated[Literal["none", "slurm", "torchrun"], NO_RESULT] = "none"
    """Whose variables say which process this is; `none`: the stage starts its processes itself, whatever variables are set.
    The variable RNNPIPE_CLUSTER goes before it."""
    checkpoint_minutes: Annotated[float, Field(gt=0), NO_RESULT] = 5.0
    """A checkpoint is written after so many minutes, and after each epoch."""
