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
    return _answer("show", f"HEAD:./{path.as_posix()}")


def head() -> str:
    """Return the commit that the working directory stands at; `none` without git, or where there is no commit."""
    return (_answer("rev-parse", "HEAD") or b"none").decode().strip()


def is_dirty(*paths: str) -> bool:
    """Tell whether a file that git knows below one of these paths is another one than committed."""
    return bool(_answer("status", "--porcelain", "--untracked-files=no", "--", *paths))


def _answer(*arguments: str) -> bytes | None:
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
