"""Finds PostgreSQL and Chromium on this machine, and installs Debian's packages where it may.

`python -m tests.support.install` runs before the tests; with CI=true it fails where one stays missing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest


class Needed(NamedTuple):
    """A program the tests drive: how it is called, where it is found, and which Debian packages bring it."""

    name: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]


def postgres_folder() -> Path | None:
    """The folder that holds initdb and postgres: the one in PATH, else Debian's newest, else None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: _major(path.parents[1].name), default=None)
    return newest.parent if newest else None


def chromium_program() -> Path | None:
    """Chromium's executable in PATH or where Debian puts it, else None."""
    on_path = shutil.which("chromium") or shutil.which("chromium", path="/usr/bin")
    return Path(on_path) if on_path else None


POSTGRES = Needed("PostgreSQL", postgres_folder, ("postgresql",))
CHROMIUM = Needed("Chromium", chromium_program, ("chromium", "fonts-liberation"))


def must_not_skip() -> bool:
    """Whether a test that cannot run is a failure: so where CI=true."""
    return os.environ.get("CI", "").lower() == "true"


def missing(needed: Needed) -> NoReturn:
    """End the calling test or fixture: skipped with the way to get what is missing, failed under CI=true."""
    (pytest.fail if must_not_skip() else pytest.skip)(_advice(needed))
    raise AssertionError("unreachable")


def main() -> int:
    """Install what is missing where that is allowed; 1 if something stays missing under CI=true."""
    absent = [needed for needed in (POSTGRES, CHROMIUM) if needed.find() is None]
    if absent and _may_install():
        _install([package for needed in absent for package in needed.packages])
    still = [needed for needed in absent if needed.find() is None]
    for needed in still:
        print(_advice(needed), file=sys.stderr)
    return 1 if still and must_not_skip() else 0


def _major(version: str) -> int:
    return int(version) if version.isdigit() else 0


def _advice(needed: Needed) -> str:
    return (
        f"{needed.name} is not on this machine, so its tests cannot run. "
        f"To get it: apt-get install {' '.join(needed.packages)}"
    )


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    print("Installing", *packages, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--quiet=2", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update"], env=quiet, stdin=subprocess.DEVNULL, check=False)
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
