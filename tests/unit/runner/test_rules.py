"""A stage's rule waits for what DVC says, and is stale when a value or the code is another one."""

from pathlib import Path

import pytest

from rnnpipe.common.command import SECONDS
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.runner.rules import LEAST, Rule, read_rules, report_place

ROOT = Path(__file__).parent.parent.parent.parent
# Of a library of DVC, while it makes its graph of stages.
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep.value:DeprecationWarning")

COMMAND = "python -m rnnpipe.stages"
STAGES = f"""\
vars:
  - grammars: {{}}
    corpora: {{}}
stages:
  check:
    cmd: {COMMAND}.check
    deps: [params.yaml, src/rnnpipe]
    outs: [data/code, data/params.json]
  generate:
    foreach: ${{grammars}}
    do:
      cmd: {COMMAND}.generate --corpus ${{key}}
      params: ["grammars.${{key}}", {{data/params.json: [seed, "grammars.${{key}}"]}}]
      deps: [data/code/generate]
      outs: ["data/raw/${{key}}"]
      meta: {{threads: 2, priority: 60, gpu: 1}}
  read:
    cmd: {COMMAND}.read
    deps: [data/code/read, own.txt]
    outs: [data/own]
  verify:
    cmd: {COMMAND}.verify
    deps: [data/code/verify]
    metrics: [metrics.json: {{cache: false}}]
  report:
    cmd: {COMMAND}.report
    deps: [data/code, data/params.json, data/raw]
    outs: [page.html]
"""
PARAMS = """\
seed: 1
counting_shards: [1]
grammars:
  small: {kind: feature, train: 10}
  large: {kind: feature, train: 100}
report: {title: both}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh clone: nothing has run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    files = {
        ".dvc/config": "[core]\n    analytics = false\n    no_scm = true\n",
        "dvc.yaml": STAGES,
        "params.yaml": PARAMS,
        "requirements.lock": "",
        "src/rnnpipe/__init__.py": "",
        "src/rnnpipe/stages/check.py": "",
        "src/rnnpipe/stages/generate.py": "x = 1\n",
        "src/rnnpipe/stages/report.py": "y = 1\n",
        "src/rnnpipe/stages/verify.py": "z = 1\n",
        "src/rnnpipe/stages/read.py": "a = 1\n",
        "own.txt": "of the user\n",
    }
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    return tmp_path


TRAINED = """\
  train_ner:
    foreach: ${ner.runs}
    do:
      cmd: python -m rnnpipe.stages.train --run ${key}
      deps: [data/code/train_ner]
      outs: ["models/${key}"]
"""
RUNS = """\
corpora: {names: {format: columns, splits: {train: a.txt, valid: b.txt, test: c.txt}, licence: none}}
embeddings: {random: {kind: random, dimension: 4}}
ner:
  defaults: {network: {cell: gru, hidden: 4}}
  runs:
    small: {corpus: names, embedding: random}
    large: {corpus: names, embedding: random, trainer: {threads: 3}}
"""


def read() -> dict[str, Rule]:
    return {rule.name: rule for rule in read_rules()}


def test_a_rule_says_what_dvc_says(project: Path) -> None:
    found = read()
    assert list(found) == ["check", "generate@small", "generate@large", "read", "verify", "report"]
    check, generate, report = found["check"], found["generate@small"], found["report"]
    assert (check.inputs, check.files, check.directories, check.done) == ([], [], [], [".snakemake/check.done"])
    assert (generate.inputs, generate.done, generate.directories) == ([], [], ["data/raw/small"])
    assert (generate.threads, generate.resources) == (2, {"gpu": 1})
    assert report.inputs == ["data/raw/large", "data/raw/small"], "the folder stands for what is in it"
    assert (report.files, report.threads, report.resources) == (["page.html"], 1, {})
    assert {name for name, rule in found.items() if rule.is_check} == {"check"}
    assert not set("{}") & set(report.values)


def test_a_training_takes_the_cores_that_its_run_asks_for(project: Path) -> None:
    Path("dvc.yaml").write_text(STAGES + TRAINED)
    Path("params.yaml").write_text(PARAMS + RUNS)
    Path("src/rnnpipe/stages/train.py").write_text("b = 1\n")
    found = read()
    assert [found[f"train_ner@{run}"].threads for run in ("small", "large")] == [1, 3]


def test_a_clone_whose_outputs_are_in_git_has_not_run(project: Path) -> None:
    verify = read()["verify"]
    assert (verify.files, verify.done) == (["metrics.json"], [".snakemake/verify.done"])
    assert verify.command == "python -m rnnpipe.runner.job verify"


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("params.yaml", "train: 100", "train: 101", {"check", "generate@large", "report"}),
        ("params.yaml", "title: both", "title: two", {"check", "report"}),
        ("params.yaml", "train: 100}", "train: 100, mixing: 0.1}", {"check", "generate@large"}),
        ("params.yaml", "seed: 1", "seed: 1  # one", {"check"}),
        ("src/rnnpipe/stages/generate.py", "x = 1", "x = 2", {"check", "generate@small", "generate@large", "report"}),
        ("src/rnnpipe/stages/report.py", "y = 1", "y = 2", {"check", "report"}),
        ("src/rnnpipe/stages/report.py", "y = 1", "y = 1  # one", {"check"}),
    ],
)
def test_another_value_makes_those_stale_that_read_it(file: str, old: str, new: str, stale: set[str], project: Path) -> None:
    before = read()
    text = Path(file).read_text()
    assert old in text
    Path(file).write_text(text.replace(old, new))
    after = read()
    assert {name for name in before if after[name].values != before[name].values} == stale


def test_the_longest_chain_of_stages_starts_first(project: Path) -> None:
    priorities = {name: rule.priority for name, rule in read().items()}
    assert priorities["generate@small"] == priorities["generate@large"] == 60 + LEAST, "as declared, and the report behind it"
    assert priorities["verify"] == priorities["report"] == LEAST, "nothing is known of them"
    SECONDS.mkdir(parents=True)
    for name, seconds in (("generate@large", 900), ("generate@small", 2), ("report", 5)):
        (SECONDS / name).write_text(f"{seconds}\n")
    found = read()
    assert (found["generate@large"].priority, found["generate@small"].priority, found["report"].priority) == (905, 65, 5)


def test_what_reads_the_users_files_starts_before_all_others(project: Path) -> None:
    SECONDS.mkdir(parents=True)
    (SECONDS / "generate@large").write_text("90000\n")
    found = read()
    others = [rule.priority for name, rule in found.items() if name not in ("read", "check")]
    assert found["read"].priority > max(others)


def test_outputs_that_dvc_lock_lost_are_forgotten(project: Path) -> None:
    assert not any(rule.is_forgotten for rule in read().values()), "nothing has run"
    Path("metrics.json").write_text("{}")
    assert [name for name, rule in read().items() if rule.is_forgotten] == ["verify"]


def test_wrong_parameters_are_one_line(project: Path) -> None:
    Path("params.yaml").write_text(PARAMS + "unheard_of_key: 3\n")
    with pytest.raises(RnnpipeError, match="unheard_of_key: unknown key") as caught:
        read_rules()
    assert "\n" not in str(caught.value)


def test_what_a_report_of_snakemake_shows(project: Path) -> None:
    assert report_place("reports/sentiment/lstm/confusion.csv") == {
        "category": "Sentiment",
        "labels": {"run": "lstm", "file": "confusion.csv"},
    }
    assert report_place("reports/index.html") == {"category": "All runs", "labels": {"run": "all", "file": "index.html"}}
    for path in ("reports/sentiment/lstm/metrics.json", "models/sentiment/lstm", "data/raw/own"):
        assert report_place(path) == {}, "no result to look at"
