"""What git holds."""

import shutil
import subprocess
from pathlib import Path


def committed(path: Path) -> bytes | None:
    """Return a file as last committed; None without git, or where it is not in git.

    Parameters
    ----------
    path : Path
        Relative to the working directory.
    """
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "show", f"HEAD:./{path.as_posix()}"], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
