import json
from pathlib import Path
from typing import Any

import pytest
from mido import MidiFile
from small_runs import saved_model

from rnnpipe.serving import DrawnText


def test_log_probability_perplexity_text_and_what_is_unknown(workspace: Any) -> None:
    first, second = workspace.lines("score", "w1 w2", "w1 strange\t")
    log_probability, perplexity, text = first.split("\t")
    assert float(log_probability) < 0 < 1 < float(perplexity)
    assert text == "w1 w2"
    assert second.endswith("\tw1 strange\\t  (1 unknown)")


def test_surprisals_add_up(workspace: Any) -> None:
    (found,) = map(json.loads, workspace.lines("score", "--json", "w1 w2 strange"))
    assert found["words"] == ["w1", "w2", "strange"]
    assert len(found["surprisals"]) == 4
    assert -sum(found["surprisals"]) == pytest.approx(found["log_probability"])
    whole, *words, blank = workspace.lines("score", "--surprisal", "w1 w2 strange")
    assert [line.split("\t")[1] for line in words] == ["w1", "w2", "strange", "<eos>"]
    assert [float(line.split("\t")[0]) for line in words] == pytest.approx(found["surprisals"], abs=0.006)
    assert (whole.split("\t")[2], blank) == ("w1 w2 strange  (1 unknown)", "")


def test_a_stream_is_scored_over_the_borders_of_batches(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    saved_model(Path("streamed/a"), "language_model", batching="stream")
    texts = [f"w{number % 12} w3" for number in range(10)]
    together = workspace.lines("score", "--model", "streamed/a", *texts)
    monkeypatch.setattr("rnnpipe.cli.texts.given.MOST", 3)
    assert workspace.lines("score", "--model", "streamed/a", *texts) == together
    assert workspace.lines("score", "--model", "streamed/a", given="\n".join(texts)) == together
    assert together != [workspace.lines("score", "--model", "streamed/a", text)[0] for text in texts]


def test_sentences_by_seed(workspace: Any) -> None:
    drawn = workspace.lines("generate", "--count", "120", "--start", "w1")
    assert len(drawn) == 120
    assert all(line.startswith("w1") for line in drawn)
    objects = list(map(json.loads, workspace.lines("generate", "--count", "120", "--start", "w1", "--json")))
    assert [one["text"] for one in objects] == drawn
    assert workspace.lines("generate", "--seed", "2") != workspace.lines("generate", "--seed", "3")
    assert set(workspace.lines("generate", "--count", "9", "--top-k", "1")) == set(workspace.lines("generate", "--top-p", "1e-9"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--temperature", "nan"], "temperature: must be a number"),
        (["--temperature", "inf"], "temperature: must be a number"),
        (["--temperature", "0"], "temperature: must be a number"),
        (["--temperature", "1e-320"], "temperature: must be a number"),
        (["--top-p", "nan"], "top_p: must be above 0"),
        (["--top-p", "1.5"], "top_p: must be above 0"),
        (["--start", "caf\udce9"], "not Unicode"),
    ],
)
def test_what_draws_nothing_is_one_line(workspace: Any, options: list[str], said: str) -> None:
    assert said in workspace.refusal("generate", *options)


def test_sentences_are_cut_where_asked(workspace: Any) -> None:
    drawn = workspace.lines("generate", "--count", "50", "--longest", "2", "--start", "w1 w2")
    assert max(len(line.split()) for line in drawn) == 4


def draw(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Let the model draw these texts."""
    drawn = [DrawnText(text=text, words=text.split()) for text in texts]
    monkeypatch.setattr("rnnpipe.serving.draw_texts", lambda *arguments: iter(drawn))


def test_tunes_are_written_as_a_score_and_to_be_played(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(monkeypatch, "M:3/4 K:G B2 A2 G2 |]", "the dogs bark .", "M:2/4 K:C C4 |]")
    result = workspace.run("generate", "--count", "3", "--abc", "tunes.abc", "--midi", "tunes.mid")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "M:3/4 K:G B2 A2 G2 |]"
    assert "warning: 1 of 3 texts are no tunes and are left out" in result.stderr
    book = Path("tunes.abc").read_text(encoding="utf-8")
    assert [line for line in book.splitlines() if line.startswith(("X:", "K:"))] == ["X:1", "K:G", "X:3", "K:C"]
    notes = [message.note for message in MidiFile("tunes.mid").tracks[0] if message.type == "note_on"]
    assert notes == [71, 69, 67, 60]


def test_a_model_of_sentences_writes_no_tunes(workspace: Any) -> None:
    told = workspace.refusal("generate", "--midi", "tunes.mid", "--start", "w1 w2")
    assert "no tune: begins with 'w1 w2', not with a metre and a key" in told
    assert "--abc and --midi are for a model of tunes" in told
    assert not Path("tunes.mid").exists()
