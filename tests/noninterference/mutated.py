"""A plugin of pytest that breaks the program in the one place that SAMLOKAL_MUTANT names, for that run."""

import os

import pytest

from tests.noninterference.mutants import MUTANTS


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    MUTANTS[os.environ["SAMLOKAL_MUTANT"]].apply(patch)
    config.add_cleanup(patch.undo)
