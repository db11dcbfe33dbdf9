"""The table of a classifier's surest mistakes."""

from report_files import Workspace

from rnnpipe.report.read.measurements import Measured
from rnnpipe.report.sections.answers import confusion_sections
from rnnpipe.report.sections.mistakes import SHOWN, surest_mistakes

HEADER = "document,actual,predicted,probability,text"


def run_of(workspace: Workspace, name: str) -> Measured:
    return next(run for run in workspace.measure().runs if (run.task, run.name) == ("sentiment", name))


def test_the_surest_come_first_with_the_number_and_the_text_of_their_document(workspace: Workspace) -> None:
    rows = [(number, "yes", "no" if number % 2 else "yes", 0.5 + number / 100, f"text {number} | <b>") for number in range(30)]
    workspace.table("reports/sentiment/lstm/predictions.csv", HEADER, [*rows, (30, "no", "yes", 0.9, "x" * 500)])
    table = surest_mistakes(run_of(workspace, "lstm"))
    assert table is not None
    assert len(table.rows) == SHOWN
    assert table.rows[0] == ("30", "no", "yes", "90.0", f"{'x' * 120}…")
    assert table.rows[1] == ("29", "yes", "no", "79.0", "text 29 | <b>")
    assert "Of 16 in the test split" in table.caption


def test_no_table_where_there_is_nothing_to_show(workspace: Workspace) -> None:
    assert surest_mistakes(run_of(workspace, "lstm")) is None
    workspace.table("reports/sentiment/lstm/predictions.csv", HEADER, [(0, "yes", "yes", 0.9, "right")])
    assert surest_mistakes(run_of(workspace, "lstm")) is None


def test_it_stands_beside_the_confusions_of_the_best_run(workspace: Workspace) -> None:
    for name in {run.name for run in workspace.measure().of_task("sentiment")}:
        workspace.table(f"reports/sentiment/{name}/predictions.csv", HEADER, [(0, "yes", "no", 0.9, "wrong")])
    section = next(section for section in confusion_sections(workspace.measure()) if section.anchor == "sentiment")
    titles = [block.title for block in section.blocks if hasattr(block, "title") and "Surest" in block.title]
    assert len(titles) == 1
