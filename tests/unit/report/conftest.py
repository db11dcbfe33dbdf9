"""Workspaces of hand-written measurements."""

from pathlib import Path

import pytest
import report_files
from report_files import Workspace


@pytest.fixture
def empty_workspace(tmp_path: Path) -> Workspace:
    """Runs are declared, nothing was run."""
    return report_files.empty_workspace(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Every stage left its measurements."""
    return report_files.full_workspace(tmp_path)
