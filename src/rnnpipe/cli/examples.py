"""Examples below the help of a command."""

KEPT = "\b"
"""At the beginning of a paragraph: its lines stay as they are."""


def examples(*commands: str) -> str:
    """Return them as an epilog, a line each."""
    return "\n".join([KEPT, "Examples:", *(f"  {command}" for command in commands)])
