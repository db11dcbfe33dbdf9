"""What the next run will do, as a table."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import typer

from rnnpipe.cli.columns import show_table
from rnnpipe.cli.durations import last_seconds
from rnnpipe.runner.forecast import Fate, Forecast, forecast
from rnnpipe.runner.rules import LEAST
from rnnpipe.runner.seconds import in_words

ORDER = (Fate.RUN, Fate.OPEN, Fate.RESTORED, Fate.CURRENT)
MANY = 4
"""Names that a reason gives one by one."""
LONG = 20
"""Lines from which runs of one stage share a line."""


def show_plan(every: bool, as_json: bool) -> None:
    """Print the fate of each stage that is not up to date, and the sum of what will run.

    Parameters
    ----------
    every : bool
        Of those that are up to date too, and none of them together.
    as_json : bool
        A list of all stages.
    """
    found = forecast()
    if as_json:
        listed = [{"stage": f.stage, "fate": f.fate.value, "seconds": last_seconds(f.stage), "why": list(f.why)} for f in found]
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    shown = found if every else [one for one in found if one.fate is not Fate.CURRENT]
    groups = [[one] for one in shown]
    if len(shown) > LONG and not every:
        groups = [list(group) for _, group in groupby(sorted(shown, key=_kind), key=_kind)]
        order = [one.stage for one in shown]
        groups.sort(key=lambda group: order.index(group[0].stage))
    if groups:
        show_table(("stage", "", "", "why"), [_row(group) for group in groups], numbers=())
        typer.echo("")
    typer.echo(_summary(found))


def _kind(one: Forecast) -> tuple[str, str]:
    return one.stage.partition("@")[0], one.fate.value


def _row(group: Sequence[Forecast]) -> tuple[str, str, str, str]:
    first = group[0]
    name = first.stage if len(group) == 1 else f"{first.stage.partition('@')[0]} ({len(group)} runs)"
    lasts = sum(_seconds(one) for one in group)
    return name, first.fate.value, in_words(lasts) if _runs(first) else "", "; ".join(_reasons(group))


def _reasons(group: Sequence[Forecast]) -> list[str]:
    """Return the reasons of one stage, long lists cut short; of several runs what they have in common, by kind."""
    kinds: dict[str, list[str]] = {}
    for reason in dict.fromkeys(reason for one in group for reason in one.why):
        kind, _, what = reason.partition(": ")
        named = what.split(", ") if what else []
        if len(group) > 1 or len(named) > MANY:
            named = [name.partition("@")[0] for name in named] if kind == "depends on" else named if len(group) == 1 else []
        kinds.setdefault(kind, []).extend(named)
    return [": ".join(filter(None, [kind, _listed(list(dict.fromkeys(named)))])) for kind, named in kinds.items()]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(names[:MANY]) + more


def _runs(one: Forecast) -> bool:
    return one.fate in (Fate.RUN, Fate.OPEN)


def _seconds(one: Forecast) -> int:
    return last_seconds(one.stage) or LEAST


def _summary(found: Sequence[Forecast]) -> str:
    """Say how many stages of each fate there are, and what the work comes to."""
    counts = Counter(one.fate for one in found)
    told = ", ".join(f"{counts[fate]} {fate.value}" for fate in ORDER if counts[fate])
    working = [one for one in found if _runs(one)]
    if not working:
        return f"{told}."
    guessed = sum(last_seconds(one.stage) is None for one in working)
    unknown = f"\n{guessed} never ran here and count as {LEAST} s each." if guessed else ""
    return f"{told}: about {in_words(sum(map(_seconds, working)))} of work.{unknown}"
