import pytest
from small_corpora import small_corpus
from small_runs import small_model, small_run

from rnnpipe.layers.products import has_bf16
from rnnpipe.tasks.task import task_named
from rnnpipe.training.trainer import fit


@pytest.mark.skipif(not has_bf16(), reason="the processor has no bfloat16")
@pytest.mark.parametrize("tied", [False, True])
def test_training_with_products_in_bfloat16_ends_where_float32_does(tied, tmp_path):
    corpus, found = small_corpus(tmp_path, train=60), {}
    network = {"hidden": 32, "tied": tied}
    for precision in ("32", "bf16-mixed"):
        trainer = {"epochs": 3, "precision": precision}
        run = small_run("language_model", network=network, trainer=trainer, batching="stream", bptt=9)
        model, _ = small_model(run, corpus, "language_model", dimension=32)
        found[precision] = [row["validation_perplexity"] for row in fit(task_named("language_model"), run, model, corpus, 1)]
    assert found["bf16-mixed"] != found["32"]  # oneDNN leaves the smallest products in float32; these are larger
    assert found["bf16-mixed"][-1] == pytest.approx(found["32"][-1], rel=0.01)
