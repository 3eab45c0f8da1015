"""What all tests share: the folders, a copy of the good project, `--update`, how hard properties try."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
"""The project."""
GOOD = ROOT / "tests" / "good-project"
"""A small project with one of everything and no problem in it."""

TRIES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 100
"""How many made-up inputs each property is tried on: in the usual profile the same ones every time."""

settings.register_profile(
    "usual", max_examples=TRIES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "deep", max_examples=TRIES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite what the cases in tests/cases expect")


@pytest.fixture
def good_project(tmp_path: Path) -> Path:
    """A copy of the good project, to be spoiled."""
    return Path(shutil.copytree(GOOD, tmp_path / "project", symlinks=True))
