import pytest
from small_corpora import small_corpus
from small_runs import small_model, small_run

from rnnpipe.heads.cross_entropy import has_bf16
from rnnpipe.tasks.task import task_named
from rnnpipe.training.trainer import fit


@pytest.mark.skipif(not has_bf16(), reason="the processor has no bfloat16")
@pytest.mark.parametrize("tied", [False, True])
def test_training_with_products_in_bfloat16_ends_where_float32_does(tied, tmp_path):
    corpus, found = small_corpus(tmp_path, train=60), {}
    for products in ("32", "bf16"):
        network = {"hidden": 32, "tied": tied, "head": {"kind": "softmax", "products": products}}
        run = small_run("language_model", network=network, trainer={"epochs": 3}, batching="stream", bptt=9)
        model, _ = small_model(run, corpus, "language_model", dimension=32)
        found[products] = [row["validation_perplexity"] for row in fit(task_named("language_model"), run, model, corpus, 1)]
    assert found["bf16"] != found["32"]  # oneDNN leaves the smallest products in float32; these are larger
    assert found["bf16"][-1] == pytest.approx(found["32"][-1], rel=0.01)
