"""T6: each place in which the program could be broken is guarded by a test that notices."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.noninterference.mutants import MUTANTS

pytestmark = pytest.mark.prove
ROOT = Path(__file__).resolve().parents[2]
PASSED, FAILED = 0, 1


def outcome(killer: str, mutant: str | None) -> int:
    """How a run of pytest of its own ends: 0 when its tests pass, 1 when one fails, more when there is none."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "0", killer]
    if mutant:
        command += ["-p", "tests.noninterference.mutated"]
    environment = {**os.environ, "SAMLOKAL_MUTANT": mutant or ""}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_program_is_noticed(name: str) -> None:
    assert outcome(MUTANTS[name].killer, name) == FAILED


@pytest.mark.parametrize("killer", sorted({each.killer for each in MUTANTS.values()}))
def test_what_notices_passes_while_nothing_is_broken(killer: str) -> None:
    assert outcome(killer, None) == PASSED
