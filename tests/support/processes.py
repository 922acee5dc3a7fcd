"""Processes of others seen from outside: who their children are, and how large a file they may write. Linux only."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def children(pid: int) -> list[int]:
    """The children of a process, oldest first."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def limit_files(pid: int, size: int | None, as_user: Mapping[str, Any] | None = None) -> None:
    """From now on a process writes no file beyond so many bytes, as if the disk were full; None lifts the limit.

    Whoever is not root may do so to their own processes; root, as the user whose process it is.
    """
    soft = "unlimited" if size is None else str(size)
    command = ["prlimit", f"--pid={pid}", f"--fsize={soft}:"]
    subprocess.run(command, check=True, cwd="/", **(as_user or {}))
