"""Stage train_language_model: train a language model to predict the next word."""

from pathlib import Path

from rnnpipe.common.checkpoints import discard
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, encoded: Path, embedding: Path, out: Path) -> None:
    """Train the run `run` on an encoded corpus, with the word vectors of an embedding, and write a model directory."""
    from rnnpipe.datamodules.language_model import LanguageModelData
    from rnnpipe.modules.language_model import LanguageModelModule
    from rnnpipe.modules.sequence import Optimization
    from rnnpipe.modules.start import starting_network
    from rnnpipe.networks.model_directory import save_model
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.tracking import live_run
    from rnnpipe.training import checkpoint_of, fit, is_main_process

    params = load_params()
    settings = params.language_model.runs[run]
    seed = derive_seed(params.seed, "language_model", settings.seed)
    corpus = EncodedCorpus.open(encoded)
    outputs = len(corpus.vocabulary)
    network, config, coverage = starting_network("language_model", settings, corpus.vocabulary, outputs, embedding, seed)
    data = LanguageModelData(corpus, settings.batch_size, seed, settings.batching, settings.bptt)
    module = LanguageModelModule(network, Optimization.of(settings, data.steps_per_epoch), carried=settings.batching == "stream")
    checkpoint = checkpoint_of("language_model", run, settings, seed, [encoded, embedding])
    with live_run("language_model", run, f"train_language_model@{run}", settings.model_dump()) as tracker:
        history = fit(module, data, settings, checkpoint, tracker)
        if is_main_process():
            parts = {"parameters": settings.model_dump(mode="json"), "network": config.to_dict(), "embedding_coverage": coverage}
            with atomic_directory(out) as temporary:
                save_model(temporary, network, {"task": "language_model", "run": run, **parts}, corpus, history)
            tracker.log_directory(out)
            discard(checkpoint)


if __name__ == "__main__":
    run_stage(main)
