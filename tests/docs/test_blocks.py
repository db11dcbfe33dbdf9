"""Every block of shell and Python code in the pages is run, in a small project that has been run to its end.

A page's blocks stand in the order of a reader's day, so they share a copy of the project. What is not run stands in `LEFT_OUT`
with its reason, command by command; `make`, `snakemake` and `xdg-open` are run dry.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shlex
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from dvc.cli import main
from networkx import topological_sort
from pages import PAGES, ROOT, Block, blocks, commands
from ruamel.yaml import YAML
from typer.testing import CliRunner
from workspace import Workspace, merged

from rnnpipe.cli import app
from rnnpipe.common.command import _parser
from rnnpipe.runner.project import dvc_repository

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore:_NoneStep:DeprecationWarning")]  # of DVC's own

LEFT_OUT = {
    "git clone ADDRESS rnnpipe": "there is no address",
    "cd rnnpipe": "the folder of that clone",
    ". .venv/bin/activate": "the tests have an environment already",
    "rnnpipe ui": "serves until it is stopped",
    "rnnpipe runs --task sentiment --diff lstm lstm-wide": "the wider run is not trained; the same in test_runs.py",
    "rnnpipe track": "run by tests/pipeline/test_end_to_end.py",
    'rnnpipe predict sentiment --model models/sentiment/tickets-gru "where is my new chair"': "the same, in test_end_to_end.py",
    "snakemake --report report.html": "run by tests/pipeline/test_end_to_end.py",
    "snakemake --cores 16 --resources gpu=2": "needs GPUs",
    "RNNPIPE_CLUSTER=torchrun torchrun": "needs machines with GPUs",
    "export RNNPIPE_CLUSTER=slurm": "needs Slurm",
    "srun python -m rnnpipe.stages.train": "needs Slurm",
    "dvc commit --force train_sentiment@lstm-large": "what those have trained",
    "dvc exp run --temp -n deeper": "as the experiment before it, which is run",
    "OMP_NUM_THREADS=1 mlflow models serve": "run by tests/pipeline/test_serving.py",
    "mlflow models predict -m models:/sentiment-opinions@champion --env-manager local -t csv": "as the JSON file, which is read",
    "curl http://127.0.0.1:5001/invocations": "the same, in test_serving.py",
    "rnnpipe generate --model tunes": "the sample's model, which takes a minute to train; the page goes on with a smaller one",
}
"""Beginning of a command → why it is not run."""
PRINTED_ELSEWHERE = {
    "docs/tutorial.md": {
        "train_sentiment@lstm begins": "run by tests/pipeline/test_end_to_end.py",
        "19 hold, 7 shown": "the sample's results, see below",
        "105 up to date.": "the sample's stages",
        "message,team": "examples/tickets/tickets.csv",
        "model: models/sentiment/gru": "the sample's models, which take minutes to train",
        "model: models/language_model/gru": "the sample's models, which take minutes to train",
        "stage why check": "the sample's stages",
    },
    "docs/own-text.md": {"data/raw/letters/": "a folder of the reader's"},
    "docs/tunes.md": {"M:3/4 K:G": "tests/unit/corpora_grammar/test_tune_grammar.py"},
    "docs/dvc.md": {"Path": "an experiment of the sample"},
    "docs/pipeline.md": {"downloads: |": "a picture"},
    "docs/serving.md": {"models:/sentiment-opinions@champion": "the sample's champion"},
}
"""Page → first words of a block of text → the file that holds its lines, or why they are not compared."""
BEFORE = {
    ("docs/dvc.md", "Merge conflicts"): """
        git checkout -q . && sed -i 's/title: Small/title: Ours/' params.yaml && dvc repro -q && git commit -qam Ours
        git merge wider-lstm && exit 1
        git diff --name-only --diff-filter=U | grep dvc.lock
    """,
    ("docs/serving.md", "Champions"): """
        rnnpipe track
        printf 'text\\nthe plot is great .\\n' > texts.csv
        echo 'the plot is great .' > texts.txt
    """,
}
"""Page and heading → what the first command there finds: two branches that have changed a thing each; champions and texts."""
SMALL = """
seed: 1
counting_shards: [1]
grammars:
  agreement: {kind: agreement, train: 300, valid: 40, test: 40, depths: [0, 1], depth_weights: [2, 1], pairs: 9, distances: [0]}
  opinions: {kind: opinion, train: 300, valid: 40, test: 40}
  entities: {kind: entity, train: 300, valid: 40, test: 40}
  features: {kind: feature, train: 300}
embeddings:
  random-32: {kind: random, dimension: 32}
cooccurrence: {features: {window: 5}}
word2vec: {runs: {word2vec-features: {corpus: features, dimension: 8, epochs: 1}}}
glove: {runs: {glove-features: {corpus: features, dimension: 8, epochs: 2}}}
language_model:
  defaults: {network: {hidden: 16}, trainer: {epochs: 1}}
  runs: {lstm: {corpus: agreement, embedding: random-32, network: {cell: lstm}}}
sentiment:
  defaults: {network: {hidden: 16}, trainer: {epochs: 1}}
  runs: {lstm: {corpus: opinions, embedding: random-32, network: {cell: lstm, hidden: 24}}}
ner:
  defaults: {network: {hidden: 16}, trainer: {epochs: 1}}
  runs: {lstm-bidirectional: {corpus: entities, embedding: random-32, network: {cell: lstm, bidirectional: true}}}
report: {title: Small}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A project whose stages have run, in this process for the sake of time, with all of it committed to DVC and to git."""
    yaml = YAML(typ="safe")
    params, sample = yaml.load(SMALL), yaml.load(ROOT / "presets/sample.yaml")
    params["corpora"] = {name: sample["corpora"][name] for name in params["grammars"]}
    workspace = Workspace(tmp_path_factory.mktemp("docs") / "project", params)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.folder)
        patch.setenv("RNNPIPE_TRACKING", "off")
        with dvc_repository() as repository:
            stages = [stage.cmd for stage in topological_sort(repository.index.graph.reverse()) if stage.cmd]
        for command in stages:
            run_stage(command)
    workspace.run("cp data/raw/features/train.txt text.txt && dvc commit --force --quiet")
    workspace.run("git config user.name Reader && git config user.email reader@example.org")
    workspace.run("git add --all && git commit --quiet --message Small")
    return workspace


def run_stage(command: str) -> None:
    words = shlex.split(command)
    main = import_module(words[words.index("-m") + 1]).main
    given = vars(_parser(main).parse_args(words[words.index("-m") + 2 :]))
    main(**{name: value for name, value in given.items() if name not in ("threads", "gpus")})


@pytest.fixture
def copy(project: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    copied = project.copy(tmp_path / "project")
    monkeypatch.chdir(copied.folder)
    return copied


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)])
def test_a_page_is_true(page: str, copy: Workspace) -> None:
    printed, before = "", dict(BEFORE)
    for block in blocks(page):
        if (page, block.heading) in before:
            copy.run(f"set -e; {before.pop((page, block.heading))}")
        if block.language == "yaml" and not block.text.startswith("# params.yaml\n"):
            yaml = YAML(typ="safe")
            copy.write_params(merged(yaml.load(Path("params.yaml")), yaml.load(block.text)))
        elif block.language == "sh":
            printed = "".join(run(command, copy) for command in commands(block))
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, block.where, "exec"), {"__name__": "__main__"})
        elif block.language == "text":
            compare(block, printed)


def run(command: str, workspace: Workspace) -> str:
    """Run a command of a page, dry where it would take minutes; return what it prints."""
    command = command.replace("/srv/", f"{workspace.folder.parent}/")
    if any(command.startswith(one) for one in LEFT_OUT):
        return ""
    program = re.sub(r"^(\w+=\S* )+", "", command).split()[0]
    if program == "rnnpipe":
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"
        return result.output
    if program == "dvc" and command.split()[1] == "repro":
        return repro(shlex.split(command)[1:])
    if program == "xdg-open":
        assert (workspace.folder / command.split()[1]).is_file()
        return ""
    dry = {"make": command.replace("make ", "make --dry-run ", 1), "snakemake": command.replace("snakemake ", "snakemake -n ", 1)}
    return workspace.run(dry.get(program, command), RNNPIPE_TRACKING="off", PYTHONPATH=str(ROOT / "src"))


def repro(words: list[str]) -> str:
    """Have DVC run stages in this process, for the sake of time; return what it prints."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setenv("RNNPIPE_TRACKING", "off")
        patch.setattr(logging.getLogger("dvc"), "handlers", [logging.StreamHandler(said)])
        patch.setattr("dvc.stage.run._run", lambda program, command, **options: run_stage(command))
        assert main(words) == 0, words
    return said.getvalue()


def compare(block: Block, printed: str) -> None:
    """Hold the lines of a block of text against what the commands above printed, or against the file that they are of."""
    for beginning, source in PRINTED_ELSEWHERE.get(block.page, {}).items():
        if " ".join(block.text.split()).startswith(beginning):
            if not (ROOT / source).is_file():
                return
            printed = (ROOT / source).read_text(encoding="utf-8")
    assert [line for line in block.text.splitlines() if line not in printed] == [], f"{block.where}: nothing printed this"


def test_the_tutorial_shows_the_samples_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    printed = CliRunner().invoke(app, ["results"]).stdout.splitlines()
    shown = next(block.text for block in blocks("docs/tutorial.md") if block.text.startswith("19 hold"))
    assert [line for line in shown.splitlines() if line not in printed] == []


# --- what is left out is what it seems


def left_out() -> list[str]:
    found = [command for page in PAGES for block in blocks(page) if block.language == "sh" for command in commands(block)]
    return [command for command in found if any(command.startswith(one) for one in LEFT_OUT)]


def test_nothing_is_left_out_that_no_page_says() -> None:
    assert [one for one in LEFT_OUT if not any(command.startswith(one) for command in left_out())] == []
    texts = {page: [" ".join(block.text.split()) for block in blocks(page)] for page in PRINTED_ELSEWHERE}
    for page, beginnings in PRINTED_ELSEWHERE.items():
        assert [one for one in beginnings if not any(text.startswith(one) for text in texts[page])] == []


@pytest.mark.parametrize("command", sorted(set(left_out())))
def test_what_is_left_out_is_a_command_of_the_project(command: str) -> None:
    subprocess.run(["bash", "-n", "-c", command], check=True)
    words = shlex.split(command)
    stage = next((word for word in words if word.startswith("rnnpipe.stages.")), None)
    if stage:
        _parser(import_module(stage).main).parse_args(words[words.index(stage) + 1 :])
    if words[0] == "rnnpipe":
        told = CliRunner().invoke(app, [words[1], "--help"], env={"COLUMNS": "200"}).output
        assert all(word in told for word in words if word.startswith("--"))
