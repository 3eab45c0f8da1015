"""What a newcomer and a machine without anything meet first: run.py, the locks, the browser, the workflows, the documents."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import chromium
import everything
import pytest
import yaml
from conftest import ROOT
from marginalia.intake.bibliography import read_bibliography
from marginalia.intake.entries import build
from marginalia.intake.frontmatter import read
from packaging.requirements import Requirement

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def _run_py() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- run.py --------------------------------------------------------------------------------------


class Machine:
    """A machine on which run.py believes it is: a folder, the commands it gave, which of them fail."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run = _run_py()
        self.folder = folder
        self.given: list[list[str]] = []
        self.fails = ""
        self.has_uv = False
        venv = folder / ".venv"
        for name, value in {
            "ROOT": folder,
            "VENV": venv,
            "PYTHON": venv / "python",
            "STAMP": venv / "stamp",
        }.items():
            monkeypatch.setattr(self.run, name, value)
        monkeypatch.setattr(self.run.subprocess, "run", self._execute)
        monkeypatch.setattr(self.run.shutil, "which", lambda name: "/bin/uv" if self.has_uv else None)
        for lock in (self.run.SITE, self.run.TESTS):
            (folder / lock).write_text(f"{lock}\n")

    def _execute(self, command: list[str], **how: object) -> SimpleNamespace:
        self.given.append(command)
        if "venv" in command:
            (self.folder / ".venv").mkdir(exist_ok=True)
            (self.folder / ".venv" / "python").touch()
        return SimpleNamespace(returncode=int(bool(self.fails) and self.fails in command))

    def set_up(self, lock: str) -> list[str]:
        """What setting up `lock` does, in a word for each command."""
        self.given.clear()
        status = self.run.set_up(lock)
        done = ["make" if "venv" in c else "fill" for c in self.given if "import pip" not in c]
        return done if status == 0 else [*done, "failed"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("has_uv", [True, False])
def test_packages_are_set_up_once_and_again_when_their_lock_changes(machine: Machine, has_uv: bool) -> None:
    machine.has_uv = has_uv
    site, tests = machine.run.SITE, machine.run.TESTS
    assert machine.set_up(site) == ["make", "fill"]
    assert all("--require-hashes" in c for c in machine.given if "install" in c)
    assert machine.set_up(site) == []
    assert machine.set_up(tests) == ["fill"]
    assert machine.set_up(site) == []
    (machine.folder / tests).write_text("newer\n")
    assert machine.set_up(site) == []
    assert machine.set_up(tests) == ["fill"]
    (machine.folder / site).write_text("newer\n")
    assert machine.set_up(site) == ["fill"]


def test_what_was_broken_off_is_done_again(machine: Machine) -> None:
    machine.fails = "install"
    assert machine.set_up(machine.run.SITE) == ["make", "fill", "failed"]
    machine.fails = "import pip"  # the virtual environment itself is half made
    assert machine.set_up(machine.run.SITE) == ["make", "fill"]


def test_a_python_without_venv_is_told_what_to_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine.run.importlib.util, "find_spec", lambda name: None)
    assert machine.set_up(machine.run.SITE) == ["failed"]
    said = capsys.readouterr().err
    assert "apt-get install python3-venv" in said
    assert said.count("\n") == 1


def test_an_old_python_is_told_in_one_line(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine.run.sys, "version_info", (3, 9, 6))
    assert machine.run.main(["preview"]) == 1
    assert capsys.readouterr().err == (
        "This is Python 3.9; Python 3.11 or newer is needed. (uv brings one: uv run run.py)\n"
    )
    assert machine.given == []


def test_old_pythons_can_read_run_py() -> None:
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        (["preview", "-a", "0.0.0.0:80"], ["-m", "mkdocs", "serve", "-a", "0.0.0.0:80"]),
        (["build"], ["-m", "mkdocs", "build", "--strict"]),
        (["test", "-k", "seed"], ["tests/everything.py", "-k", "seed"]),
        (["check"], ["hooks/marginalia", "check"]),
        (["new", "check", "words"], ["hooks/marginalia", "new", "check", "words"]),
    ],
)
def test_commands(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, arguments: list[str], program: list[str]
) -> None:
    became: list[list[str]] = []

    def become(command: list[str]) -> int:
        became.append(command)
        return 0

    monkeypatch.setattr(machine.run, "_become", become)
    assert machine.run.main(arguments) == 0
    assert became == [[str(machine.run.PYTHON), *program]]


def test_run_py_says_its_commands() -> None:
    said = subprocess.run(
        [sys.executable, ROOT / "run.py"], capture_output=True, text=True, check=True
    ).stdout
    assert [
        c for c in ("preview", "test", "check", "new check", "build", "lock") if f"run.py {c}" not in said
    ] == []


# --- the locks -----------------------------------------------------------------------------------


def _pins(lock: str) -> dict[str, Requirement]:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.findall(r"^([a-z0-9].*?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), "an entry without a hash"
    return {pin.name: pin for pin in (Requirement(entry.strip()) for entry, _ in entries)}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_address(lock: str) -> None:
    assert _pins(lock)
    assert "://" not in (ROOT / lock).read_text("utf-8")


def test_the_locks_have_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    site, tests = _pins("requirements.txt"), _pins("requirements-dev.txt")
    asked = [(site, wish) for wish in project["project"]["dependencies"]]
    asked += [(tests, wish) for wish in project["dependency-groups"]["dev"]]
    for lock, wish in asked:
        requirement = Requirement(wish)
        pin = lock[requirement.name.lower()]
        (version,) = pin.specifier
        assert requirement.specifier.contains(version.version), f"{wish}: run python3 run.py lock"
    assert {name: tests[name].specifier for name in site} == {
        name: pin.specifier for name, pin in site.items()
    }


# --- the browser ---------------------------------------------------------------------------------


def _program(path: Path, says: str, status: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine without a browser; the folder is its PATH."""
    if sys.platform == "win32":
        pytest.skip("programs are made as shell scripts here")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "_PLACES", {})
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: "")
    yield tmp_path


def test_the_browser_named_is_the_browser_used(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(bare / "chromium", "Chromium 1")
    monkeypatch.setenv("CHROMIUM", str(_program(bare / "mine", "Chromium 2")))
    assert chromium.find() == str(bare / "mine")
    monkeypatch.setenv("CHROMIUM", str(bare / "nowhere"))
    assert chromium.obtain() is None


def test_a_script_that_is_no_browser_is_passed_over(bare: Path) -> None:
    _program(bare / "chromium-browser", "please install the snap", 1)
    assert chromium.find() is None
    _program(bare / "google-chrome", "Google Chrome 156")
    assert chromium.find() == str(bare / "google-chrome")


def test_a_browser_that_playwright_fetched_is_found(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(_program(bare / "cache" / "chrome", "Google Chrome for Testing 159"))
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: own)
    assert chromium.find() == own


def test_a_driver_that_lacks_a_library_gets_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(chromium, "_driver_runs", lambda: False)
    monkeypatch.setattr(chromium, "_apt_get", asked.append)
    _program(bare / "chromium", "Chromium 1")
    assert chromium.obtain() == str(bare / "chromium")
    assert asked == ["libatomic1"]


def test_where_there_is_none_it_is_installed(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "_download", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    script = f'case "$1" in install) printf "#!/bin/sh\\necho Chromium 3\\n" > {bare}/chromium; /bin/chmod +x {bare}/chromium;; esac'
    (bare / "apt-get").write_text(f"#!/bin/sh\n{script}\n")
    (bare / "apt-get").chmod(0o755)
    assert chromium.obtain() == str(bare / "chromium")


def test_where_none_can_be_had_there_is_none(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "_download", lambda: None)
    assert chromium.obtain() is None


class Steps:
    """Stands in for the programs that the test command runs."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, failing: str = "nothing", browser: str | None = "/b"
    ) -> None:
        self.ran: list[tuple[tuple[str, ...], str | None]] = []
        self.failing = failing
        monkeypatch.setattr(everything, "_run", self._run)
        monkeypatch.setattr(chromium, "obtain", lambda: browser)
        monkeypatch.setattr(chromium, "find", lambda: browser)

    def _run(self, step: tuple[str, ...], browser: str | None = None, *, told_later: bool = False) -> int:
        self.ran.append((step, browser))
        return int(self.failing in step)


def test_everything_passes_only_if_all_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    assert everything.main([]) == 0
    count = len(everything.STEPS)
    assert [step for step, _ in steps.ran[:count]] == [*everything.STEPS]
    left_out = tuple(f"--ignore={file}" for file in everything.BESIDE)
    assert set(steps.ran[count:]) == {
        (("-m", "pytest", "-p", "no:cacheprovider", *everything.BESIDE), "/b"),
        (("-m", "pytest", *left_out), "/b"),
    }
    assert all((ROOT / file).is_file() for file in everything.BESIDE)


@pytest.mark.parametrize(
    "failing",
    [
        "ruff",
        "mypy",
        "codespell_lib",
        "check",
        "mkdocs",
        "pytest",
        "--ignore=tests/test_audit.py",
        "no:cacheprovider",
    ],
)
def test_one_failure_fails_everything_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failing: str
) -> None:
    steps = Steps(monkeypatch, failing)
    assert everything.main([]) == 1
    assert len(steps.ran) == len(everything.STEPS) + 2
    assert (failing if failing in str(everything.STEPS) else "pytest") in capsys.readouterr().err


def test_a_missing_browser_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = Steps(monkeypatch, browser=None)
    assert everything.main([]) == 1
    assert steps.ran[-1] == (("-m", "pytest", "-m", "not browser"), None)
    assert "set CHROMIUM" in capsys.readouterr().err


def test_arguments_go_to_pytest_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    assert everything.main(["-k", "seed"]) == 0
    assert steps.ran == [(("-m", "pytest", "-k", "seed"), "/b")]


# --- the workflows -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_can_do_no_harm(path: Path) -> None:
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target:" not in text
    assert "secrets." not in text
    for used in re.findall(r"uses: (\S+.*)", text):
        assert used.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), (
            used
        )
    for name, job in workflow["jobs"].items():
        assert "uses" in job or job["timeout-minutes"] <= 30, name
        writes = {scope for scope, how in job.get("permissions", {}).items() if how == "write"}
        assert not writes or (path.name, name) == ("deploy.yml", "deploy")
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_only_what_is_on_main_and_tested_is_deployed() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text("utf-8"))
    assert workflow[True]["push"]["branches"] == ["main"]  # YAML reads the key `on` as true
    assert workflow["jobs"]["build"]["needs"] == "test"
    assert workflow["jobs"]["build"]["if"] == "github.ref == 'refs/heads/main'"
    assert workflow["jobs"]["deploy"]["needs"] == "build"


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("dispute", ["page", "check", "quote", "verdict", "wrong", "source", "interest"]),
        ("new-claim", ["page", "quote", "why", "source"]),
        ("dead-source", ["source", "address", "what", "archive"]),
    ],
)
def test_the_fields_that_pages_fill_in_are_there(form: str, fields: list[str]) -> None:
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml"
    assert [field["id"] for field in yaml.safe_load(path.read_text("utf-8"))["body"]] == fields


def test_the_dev_container_is_json() -> None:
    assert json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))["forwardPorts"] == [
        8000
    ]


# --- the documents -------------------------------------------------------------------------------

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_the_readme_begins_with_the_two_commands() -> None:
    blocks = re.findall(
        r"^```console\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks == ["python3 run.py preview\n", "python3 run.py test\n"]


_EXAMPLES = re.findall(
    r"`docs/([a-z-]+/[a-z/-]+\.md)`.*?\n```markdown\n(.*?)^```", CONTRIBUTING, re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize(("path", "text"), _EXAMPLES, ids=[path.split("/")[0] for path, _ in _EXAMPLES])
def test_an_example_is_right(path: str, text: str) -> None:
    document, problems = read(path, text)
    assert document
    entry, found = build(path, document)
    assert [*problems, *found] == []
    assert entry


def test_there_is_an_example_of_each_kind() -> None:
    kinds = ["fact-checks", "glossary", "countries", "timeline", "questions"]
    assert [path.split("/")[0] for path, _ in _EXAMPLES] == kinds
    (source,) = re.findall(r"```yaml\n(.*?)^```", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    sources, unreadable, problems = read_bibliography(source)
    assert list(sources) == ["wohlforth-1999"]
    assert not unreadable
    assert not problems


HOUSE = ROOT / "hooks" / "marginalia"
ROOMS = re.findall(r"`([a-z_]+)`", CONTRIBUTING.split("| Rooms | For |")[1].split("\n\n")[0])
"""From the ground up, as contributors are told."""
GROUND = ("model", "verdicts", "problem", "codes", "likeness", "cache")


def test_every_room_of_the_house_is_listed() -> None:
    there = [p.stem for p in HOUSE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    assert sorted(ROOMS) == sorted(name for name in there if not name.startswith("__"))


def imported(module: Path) -> Iterator[str]:
    """The whole names of what `module` imports: `marginalia.model.Edition`, `mkdocs.config`."""
    here = module.relative_to(HOUSE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = here[: -node.level] if node.level else ()
            yield from (".".join([*above, *filter(None, [node.module]), name.name]) for name in node.names)


@pytest.mark.parametrize("module", sorted(HOUSE.rglob("*.py")), ids=lambda p: p.relative_to(HOUSE).as_posix())
def test_no_arrow_points_back(module: Path) -> None:
    mine = module.relative_to(HOUSE).with_suffix("").parts[0]
    for name in imported(module):
        first, _, rest = name.partition(".")
        assert (first == "mkdocs") <= (mine == "mkdocs_build"), f"{name}: only one module knows MkDocs"
        room = rest.split(".")[0]
        if first != "marginalia" or mine.startswith("__") or room == mine:
            continue
        below = GROUND if mine in GROUND else ROOMS[: ROOMS.index(mine)]
        assert room in below, f"{mine} is below {room}"


def test_the_links_of_the_documents_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text("utf-8")):
            assert target.startswith("https://") or (ROOT / target).exists(), f"{document}: {target}"
