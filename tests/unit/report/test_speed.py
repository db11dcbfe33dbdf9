"""The claim about times: the benchmark's figures of one machine, and what is said where nobody took them."""

from rnnpipe.report.page import render_markdown
from rnnpipe.report.verdicts import all_verdicts

FILE = "reports/benchmarks/language_model.json"


def verdict(workspace):
    return {claim.id: verdict for claim, verdict in all_verdicts(workspace.measure())}["gru-lstm-speed"]


def test_the_gru_is_held_against_the_lstm_both_ways_on_a_machine_that_is_named(workspace):
    assert verdict(workspace).state == "shown"
    assert verdict(workspace).figure.split("\n") == [
        "our loop: 2.20 × the LSTM on 1 thread, 3.20 × the LSTM on 2 threads",
        "torch's kernels: 0.60 × the LSTM on 1 thread, 0.60 × the LSTM on 2 threads",
        "A Processor, 2 processors, torch 2.13.0",
    ]


def test_the_tables_stand_on_the_page_with_the_machine(workspace):
    text = render_markdown(workspace.page())
    assert "| PyTorch's example | 1,000 | – | 1,000 | – |" in text
    assert "| softmax | 1,600 | 1.60 | 1,600 | 1.60 |" in text
    assert "| gru | torch's kernel | 50,000 | 50,000 | 50 | 50 |" in text
    assert "A Processor" in text


def test_without_the_file_it_is_not_yet_measured_and_the_command_is_said(workspace):
    (workspace.root / FILE).unlink()
    assert verdict(workspace).state == "not yet measured"
    found = next(judged.found for judged in workspace.page().claims if judged.claim.id == "gru-lstm-speed")
    assert "waits for `make bench-language-model`" in found
    assert "Speed" not in {section.title for section in workspace.page().sections}
