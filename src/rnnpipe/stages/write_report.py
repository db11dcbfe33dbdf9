"""Stage write_report: the page and the table with all runs, and the lecture's claims, judged."""

from pathlib import Path

from rnnpipe.cards import write_cards
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_file
from rnnpipe.params import load_params
from rnnpipe.report.page import render_html, render_markdown
from rnnpipe.report.read.measurements import read_measurements


def main(reports: Path, models: Path, embeddings: Path, html: Path, markdown: Path, cards: Path) -> None:
    """Read what the stages measured for the runs in params.yaml; write both files, and a card for each model."""
    measurements = read_measurements(load_params(), reports, models, embeddings)
    for target, text in ((html, render_html(measurements)), (markdown, render_markdown(measurements))):
        with atomic_file(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    write_cards(load_params(), reports, models, cards)


if __name__ == "__main__":
    run_stage(main)
