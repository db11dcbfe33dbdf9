"""Stage train_sentiment: train a classifier of whole texts."""

from pathlib import Path

from rnnpipe.common.checkpoints import discard
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, encoded: Path, embedding: Path, out: Path) -> None:
    """Train the run `run` on an encoded corpus, with the word vectors of an embedding, and write a model directory."""
    from rnnpipe.datamodules.sentiment import SentimentData
    from rnnpipe.modules.sentiment import SentimentModule
    from rnnpipe.modules.sequence import Optimization
    from rnnpipe.modules.start import starting_network
    from rnnpipe.networks.model_directory import save_model
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.tracking import live_run
    from rnnpipe.training import checkpoint_of, fit, is_main_process

    params = load_params()
    settings = params.sentiment.runs[run]
    seed = derive_seed(params.seed, "sentiment", settings.seed)
    corpus = EncodedCorpus.open(encoded)
    outputs = len(corpus.meta["labels"])
    network, config, coverage = starting_network("sentiment", settings, corpus.vocabulary, outputs, embedding, seed)
    data = SentimentData(corpus, settings.batch_size, seed, settings.max_length)
    module = SentimentModule(network, Optimization.of(settings, data.steps_per_epoch))
    checkpoint = checkpoint_of("sentiment", run, settings, seed, [encoded, embedding])
    with live_run("sentiment", run, f"train_sentiment@{run}", settings.model_dump()) as tracker:
        history = fit(module, data, settings, checkpoint, tracker)
        if is_main_process():
            parts = {"parameters": settings.model_dump(mode="json"), "network": config.to_dict(), "embedding_coverage": coverage}
            with atomic_directory(out) as temporary:
                save_model(temporary, network, {"task": "sentiment", "run": run, **parts}, corpus, history)
            tracker.log_directory(out)
            discard(checkpoint)


if __name__ == "__main__":
    run_stage(main)
