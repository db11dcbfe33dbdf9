import pytest
from small_runs import small_run

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Trainer
from rnnpipe.training.processes import RANKS, VARIABLE, cluster_of, is_first_process

VARIABLES = ("NODE_RANK", "LOCAL_RANK", "SLURM_PROCID", "RANK", VARIABLE)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def trainer(cluster: str = "none") -> Trainer:
    return Trainer(cluster=cluster)


def test_without_variables_this_is_the_first() -> None:
    assert all(is_first_process(trainer(cluster)) for cluster in RANKS)


@pytest.mark.parametrize(
    ("cluster", "variables", "first"),
    [
        ("none", {"LOCAL_RANK": "1"}, False),
        ("none", {"LOCAL_RANK": "0", "NODE_RANK": "1"}, False),
        ("none", {"LOCAL_RANK": "0", "NODE_RANK": "0"}, True),
        ("none", {"SLURM_PROCID": "3", "RANK": "3"}, True),
        ("slurm", {"SLURM_PROCID": "3"}, False),
        ("slurm", {"SLURM_PROCID": "0", "LOCAL_RANK": "1"}, True),
        ("torchrun", {"RANK": "2", "LOCAL_RANK": "0"}, False),
        ("torchrun", {"RANK": "0"}, True),
    ],
)
def test_the_first_is_the_first_of_all_machines(
    monkeypatch: pytest.MonkeyPatch, cluster: str, variables: dict[str, str], first: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_first_process(trainer(cluster)) is first


def test_the_environment_goes_before_the_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_PROCID", "1")
    assert is_first_process(trainer("none"))
    monkeypatch.setenv(VARIABLE, "slurm")
    assert cluster_of(trainer("none")) == "slurm"
    assert not is_first_process(trainer("none"))
    monkeypatch.setenv(VARIABLE, "none")
    assert is_first_process(trainer("slurm"))


def test_an_unknown_cluster_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "mesos")
    with pytest.raises(RnnpipeError, match="RNNPIPE_CLUSTER: 'mesos' is not one of none, slurm, torchrun"):
        cluster_of(trainer())


def test_what_changes_no_result_is_no_part_of_what_a_result_depends_on() -> None:
    """A checkpoint is found again after a change of these, and DVC trains nothing again."""
    plain = small_run("ner", trainer={"cluster": "slurm", "checkpoint_minutes": 0.5}).resolved()
    assert plain == small_run("ner").resolved()
    assert not {"cluster", "checkpoint_minutes"} & plain["trainer"].keys()
    assert {"devices", "precision", "strategy"} <= plain["trainer"].keys()
