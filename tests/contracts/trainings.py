"""A tiny training of each task, in this process or in two; run as a script, it writes the weights into a folder."""

import sys
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
from rnnpipe.datamodules.language_model import LanguageModelData
from rnnpipe.datamodules.ner import NerData
from rnnpipe.datamodules.sentiment import SentimentData
from rnnpipe.modules.configuration import network_config
from rnnpipe.modules.language_model import LanguageModelModule
from rnnpipe.modules.ner import NerModule
from rnnpipe.modules.sentiment import SentimentModule
from rnnpipe.modules.sequence import Optimization
from rnnpipe.networks.build import build_network
from small_corpora import small_corpus

from rnnpipe.params import LanguageModelRun, NerRun, SentimentRun
from rnnpipe.training import fit, is_main_process

SIZES = {"hidden": 5, "batch_size": 5, "epochs": 2, "learning_rate": 0.01}
FIELDS = {"corpus": "small", "embedding": "random", "cell": "lstm", **SIZES}
NAMES = ("language_model", "stream", "sentiment", "ner")


def train(name: str, folder: Path, devices: int) -> tuple[dict[str, torch.Tensor], list[dict[str, float]]]:
    """Train for two epochs; the last batch of each epoch holds one document, too few for two processes."""
    task: Any = "language_model" if name == "stream" else name
    kind = {"language_model": "text", "sentiment": "labelled", "ner": "columns"}[task]
    corpus = small_corpus(folder / kind, kind, train=21)
    torch.manual_seed(1)
    run: Any
    data: Any
    if task == "language_model":
        run = LanguageModelRun(**FIELDS, devices=devices, batching="stream" if name == "stream" else "sentences", bptt=4)
        outputs, data = len(corpus.vocabulary), LanguageModelData(corpus, 5, 1, run.batching, run.bptt)
    elif task == "sentiment":
        run = SentimentRun(**FIELDS, devices=devices)
        outputs, data = 2, SentimentData(corpus, 5, 1)
    else:
        run = NerRun(**FIELDS, devices=devices, bidirectional=True)
        outputs, data = 3, NerData(corpus, 5, 1)
    network = build_network(network_config(task, run, len(corpus.vocabulary), 5, outputs))
    optimization = Optimization.of(run, data.steps_per_epoch)
    if task == "language_model":
        module = LanguageModelModule(network, optimization, carried=name == "stream")
    else:
        module = {"sentiment": SentimentModule, "ner": NerModule}[task](network, optimization)
    history = fit(module, data, run)
    return network.state_dict(), history


if __name__ == "__main__":
    out = Path(sys.argv[1])
    for training in NAMES:
        # Each process has a corpus of its own: the same one, for it is a pure function of its seed.
        result = train(training, out / f"corpus{0 if is_main_process() else 1}", devices=2)
        if is_main_process():
            torch.save(result, out / f"{training}.pt")
