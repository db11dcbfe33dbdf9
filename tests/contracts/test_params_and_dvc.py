"""What the stage check accepts, DVC accepts: it reads the same params.yaml by itself, and makes a stage of each entry."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from dvc.repo import Repo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imports import ROOT
from ruamel.yaml import YAML

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Params, load_project
from rnnpipe.params.project import INPUTS
from rnnpipe.params.sections import Section

pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep.value:DeprecationWarning")  # DVC's

EXAMPLES = int(os.environ.get("RNNPIPE_EXAMPLES", "0")) // 20 or 25
"""DVC takes a third of a second for each."""
RUN = {"corpus": "texts", "embedding": "random", "network": {"cell": "rnn"}}
SMALL: dict[str, Any] = {
    "seed": 1,
    "counting_shards": [1, 2],
    "downloads": {
        "vectors": {"file": "v.zip", "checksums": ["md5:" + "0" * 32], "extract": {"v.txt": "v.txt"}, "licence": "MIT"}
    },
    "grammars": {"drawn": {"kind": "feature", "train": 10}},
    "corpora": {
        "texts": {"format": "labelled", "splits": {"train": "t.csv", "valid": "v.csv"}, "licence": "MIT"},
        "drawn": {"format": "text", "splits": {"train": "t.txt"}, "hold_out": {"valid": 0.1}, "licence": "MIT"},
        "both": {"format": "text", "splits": {"train": "train.txt"}, "licence": "MIT"},
        "again": {"format": "text", "splits": {"train": "t.csv"}, "licence": "MIT"},
        "tagged": {"format": "columns", "splits": {"train": "t.conll", "valid": "v.conll"}, "licence": "MIT"},
    },
    "joined": {"both": {"first": "texts", "second": "drawn", "splits": {"texts": ["train"], "drawn": ["train"]}}},
    "shared": {"again": "texts"},
    "embeddings": {"random": {"kind": "random", "dimension": 4}},
    "cooccurrence": {"drawn": {}},
    "word2vec": {"defaults": {"epochs": 1}, "runs": {"skip": {"corpus": "drawn"}}},
    "glove": {"runs": {"counted": {"corpus": "drawn"}}},
    "imported": {"published": {"corpus": "drawn", "source": "vectors", "file": "v.txt", "format": "glove-text"}},
    "clipping": {"high": {**RUN, "corpus": "drawn", "optimizer": {"clip": 1.0}}},
    "embedding_evaluation": {"skip": {"corpus": "drawn", "truth": "grammar"}},
    "language_model": {"defaults": {"trainer": {"epochs": 1}}, "runs": {"a": {**RUN, "corpus": "drawn"}}},
    "long_term": {
        "corpus": "drawn",
        "embedding": "random",
        "trials": {"b-c": {"learning_rate": 0.1, "seed": 1}, "c": {"learning_rate": 0.1, "seed": 1}},
        "runs": {"a": {"network": {"cell": "rnn"}}},
    },
    "sentiment": {"defaults": {"optimizer": {"clip": 1.0}}, "runs": {"a": RUN}},
    "bag_of_words": {"runs": {"words": {"corpus": "texts"}}},
    "feature_tagger": {"runs": {"counts": {"corpus": "tagged"}}},
    "mlp": {"runs": {"mlp": {"corpus": "texts", "embedding": "random", "length": 3}}},
    "report": {"title": "small"},
}
ODD = st.sampled_from(
    [None, {}, [], "", "a", "texts", "both", 0, 2021, True, 1.5, "2021", ["a"], {"a": None}, {"runs": {}}, "a-b"]
)


def paths(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys that lead to each value."""
    for key, value in document.items() if isinstance(document, dict) else ():
        yield (*above, key)
        yield from paths(value, (*above, key))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the small project with one to three of its entries left out, moved, renamed, doubled or replaced."""
    document = deepcopy(SMALL)
    for _ in range(draw(st.integers(1, 3))):
        *above, key = draw(st.sampled_from(sorted(paths(document), key=repr)))
        mapping = document
        for step in above:
            mapping = mapping[step]
        value = mapping.pop(key)
        kind = draw(st.sampled_from(["gone", "odd", "renamed", "doubled", "default", "moved"]))
        if kind == "odd":
            mapping[key] = draw(ODD)
        elif kind == "default" and "runs" in above:
            document[above[0]].setdefault("defaults", {})[key] = value
        elif kind == "moved":
            other = draw(st.sampled_from(sorted(document, key=str)))
            if isinstance(document[other], dict):
                (document[other]["runs"] if "runs" in document[other] else document[other])[key] = value
        elif kind in ("renamed", "doubled"):
            mapping[draw(st.sampled_from(["a", "a-b", "b", "texts", "drawn", "both", "skip", "words", "2021", 2021, True]))] = (
                value
            )
            if kind == "doubled":
                mapping[key] = value
    return document


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("project")
    shutil.copyfile(ROOT / "dvc.yaml", folder / "dvc.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_NO_ANALYTICS", "1")
        patch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path_factory.mktemp("site")))
        patch.chdir(folder)
        Repo.init(".", no_scm=True).close()
        yield folder


def stages_of_dvc(project: Path) -> set[str]:
    with Repo(str(project)) as repository:
        repository.index.check_graph()
        return {stage.addressing for stage in repository.index.stages}


def names(params: Params) -> set[str]:
    """Return the stages that dvc.yaml makes of each entry that has a name, and of each training of a grid."""
    stages = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
    found = set()
    for stage, entry in stages.items():
        section = re.fullmatch(r"\$\{(\w+)(?:\.runs)?\}", str(entry.get("foreach")))
        if section:
            value = getattr(params, section[1])
            found |= {f"{stage}@{name}" for name in (value.runs if isinstance(value, Section) else value)}
    found |= set(params.trainings)
    return found | {f"count_cooccurrence@{name}-{shard}" for name in params.cooccurrence for shard in params.counting_shards}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(document=documents())
def test_what_is_accepted_makes_all_stages(project: Path, document: dict[str, Any]) -> None:
    with (project / "params.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(document, file)
    try:
        params = load_project(project / "params.yaml")
    except RnnpipeError as error:
        assert "\n" not in str(error)
        return
    assert names(params) <= stages_of_dvc(project), json.dumps(document, default=str)


def test_the_small_project_is_accepted(project: Path) -> None:
    with (project / "params.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(SMALL, file)
    params, stages = load_project(project / "params.yaml"), stages_of_dvc(project)
    assert names(params) <= stages
    assert set(params.trainings) == {stage for stage in stages if stage.startswith("train_")}


def test_the_fields_that_dvc_makes_inputs_of_are_those_that_defaults_may_not_give() -> None:
    entries = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"].values()
    of_runs = [str(entry["do"]) for entry in entries if str(entry.get("foreach")).endswith(".runs}")]
    assert set(re.findall(r"\$\{item\.(\w+)\}", "".join(of_runs))) == set(INPUTS)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"counting_shards": None}, "params.yaml: counting_shards: is missing, and DVC fills in no list; write"),
        ({"sentiment": {"defaults": {"embedding": "random"}, "runs": {"a": {"corpus": "texts", "network": {"cell": "rnn"}}}}},
         "sentiment.defaults.embedding: DVC makes an input of it and fills in no defaults; write `embedding: random` into"),
        ({"bag_of_words": {"runs": {"a": {"corpus": "texts"}}}}, "bag_of_words.runs.a: sentiment has a run of this name"),
        ({"ngram": {"runs": {"a": {"corpus": "drawn"}}}}, "ngram.runs.a: language_model has a run of this name"),
        ({"long_term": {**SMALL["long_term"], "runs": {"a": {"network": {"cell": "rnn"}}, "a-b": {"network": {"cell": "lstm"}}}}},
         "long_term: run 'a' with trial 'b-c' and run 'a-b' with 'c' are one stage; rename one"),
        ({"joined": {"texts": {"first": "again", "second": "drawn", "splits": {"again": ["train"], "drawn": ["train"]}}}},
         "joined: texts is made of again is made of texts, a circle"),
        ({"sentiment": {}}, None),
        ({"sentiment": {"defaults": {"optimizer": {"clip": 2.0}}}}, None),
        ({"mlp": {"runs": {}}, "ngram": {"defaults": None}}, None),
        ({"ngram": {"runs": {"grams": {"corpus": "drawn"}}},
          "mixed": {"runs": {"both": {"corpus": "drawn", "models": ["a", "grams"]}}}}, None),
    ],
)  # fmt: skip
def test_what_dvc_cannot_make_stages_of_is_refused_with_its_key(project: Path, changes: dict[str, Any], told: str | None) -> None:
    document = {key: value for key, value in {**SMALL, **changes}.items() if value is not None}
    with (project / "params.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(document, file)
    if told is None:
        assert names(load_project(project / "params.yaml")) <= stages_of_dvc(project)
        return
    with pytest.raises(RnnpipeError) as caught:
        load_project(project / "params.yaml")
    assert told in str(caught.value)
