"""Declared are the packages that the sources import, and no others: nothing is there by luck of another package's needs."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from imports import ROOT, all_modules, imported_names


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        requirements = tomllib.load(file)["project"]["dependencies"]
    return {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def imported() -> dict[str, set[str]]:
    """Return top-level package → distributions that bring it, of all imports that are not Python's or ours."""
    names = {name.split(".")[0] for module in all_modules() for name in imported_names(module)}
    distributions = packages_distributions()
    others = names - set(sys.stdlib_module_names) - {"rnnpipe"}
    return {name: {canonical(distribution) for distribution in distributions.get(name, [])} for name in others}


def test_every_import_is_declared() -> None:
    missing = {name: sorted(distributions) for name, distributions in imported().items() if not distributions & declared()}
    assert missing == {}, "add the distribution to pyproject.toml, or import it from a package that is declared"


def test_everything_declared_is_imported() -> None:
    used = set().union(*imported().values())
    assert declared() - used == set(), "take it out of pyproject.toml"
