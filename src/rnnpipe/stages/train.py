"""Stage train: train one run of a task and write its model directory."""

from importlib import import_module
from pathlib import Path

from rnnpipe.common.checkpoints import checkpoint_file, discard
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.gpus import claim_gpus
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(task: str, run: str, encoded: Path, embedding: Path, out: Path) -> None:
    """Train the run `run` of a task, given by its module, on an encoded corpus and with the word vectors of an embedding."""
    import_module(task)

    from rnnpipe.models.model_directory import save_model
    from rnnpipe.tasks.task import task_named
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.tracking import live_run
    from rnnpipe.training.processes import is_first_process
    from rnnpipe.training.start import starting_model
    from rnnpipe.training.trainer import fit

    params = load_params()
    the_task = task_named(task.rpartition(".")[2])
    settings = params.run(the_task.name, run)
    claim_gpus(1 if settings.trainer.devices == "auto" else settings.trainer.devices)
    seed = derive_seed(params.seed, the_task.name, settings.seed)
    corpus = the_task.corpus(settings, EncodedCorpus.open(encoded), embedding)
    model, sizes, coverage = starting_model(the_task, settings, corpus, embedding, seed)
    stage, resolved = f"train_{the_task.name}@{run.replace('/', '-')}", settings.resolved()
    checkpoint = checkpoint_file(the_task.name, run, [str(resolved), str(seed)], [encoded, embedding])
    first = is_first_process(settings.trainer)
    with live_run(the_task.name, run, stage, resolved, first) as tracker:
        history = fit(the_task, settings, model, corpus, seed, checkpoint, tracker)
        if first:
            config = {"task": the_task.name, "run": run, "parameters": resolved, "embedding_coverage": coverage}
            with atomic_directory(out) as temporary:
                save_model(temporary, model, config, sizes, corpus, history)
            tracker.log_directory(out)
            discard(checkpoint)


if __name__ == "__main__":
    run_stage(main)
