"""Stage write_report: the page and the table with all runs, and the lecture's claims, judged."""

from dataclasses import replace
from pathlib import Path

from rnnpipe.cards import write_cards
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_file
from rnnpipe.params import load_params
from rnnpipe.report.outline import outline
from rnnpipe.report.page import render_html, render_markdown
from rnnpipe.report.read.measurements import read_measurements
from rnnpipe.report.read.provenance import read_provenance
from rnnpipe.report.tables import write_plot_tables, write_scores


def main(
    reports: Path,
    models: Path,
    embeddings: Path,
    code: Path,
    lock: Path,
    html: Path,
    markdown: Path,
    plots: Path,
    scores: Path,
    cards: Path,
) -> None:
    """Read what the stages measured for the runs in params.yaml; write the report, a card for each model, and what DVC shows."""
    params = load_params()
    measurements = replace(read_measurements(params, reports, models, embeddings), provenance=read_provenance(params, code, lock))
    page = outline(measurements)
    for target, text in ((html, render_html(page)), (markdown, render_markdown(page))):
        with atomic_file(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    write_plot_tables(measurements, plots)
    write_scores(measurements, scores)
    write_cards(params, reports, models, cards)


if __name__ == "__main__":
    run_stage(main)
