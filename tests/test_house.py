"""The rules of the house: style, types, imports, packaging, translations; each contract is seen to fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from workbench import doctor

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/__init__.py"))
SOURCES = ["workbench", "plugins", "tests"]


def call(*command: str, folder: Path = ROOT, **environment: str) -> str:
    """What a program of this environment prints; if it fails, all its output is the failure's text."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project() -> Any:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


# --------------------------------------------------------------------------- style, types, translations


def test_style() -> None:
    call("ruff", "check", *SOURCES)


def test_format() -> None:
    call("ruff", "format", "--check", *SOURCES)


def test_types() -> None:
    call("mypy", *SOURCES)


def test_translations_are_complete() -> None:
    call("python", "-m", "workbench.testing.catalogues", "--check")


# --------------------------------------------------------------------------- packaging


def test_every_plugin_is_named_wherever_it_must_be(project: Any) -> None:
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
    assert sorted(project["project"]["entry-points"]["workbench.plugins"].values()) == PLUGINS
    assert sorted(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(
        ["workbench", *(f"plugins/{name}" for name in PLUGINS)]
    )
    assert project["tool"]["importlinter"]["root_packages"] == ["workbench", *PLUGINS]
    for contract, key in [
        ("no-plugin", "forbidden_modules"),
        ("independence", "modules"),
        ("plugins", "source_modules"),
        ("qt", "source_modules"),
        ("light", "source_modules"),
    ]:
        assert [each for each in contracts[contract][key] if "_" in each] == PLUGINS, contract


def test_the_readme_names_every_package_that_the_doctor_knows() -> None:
    (line,) = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("sudo apt-get")]
    named = set(line.split())
    needed = set(doctor.DEBIAN.values()) - {"libxkbcommon0"}  # libxkbcommon-x11-0 brings it along
    assert needed | {doctor.FONT} <= named


@pytest.mark.skipif(sys.platform != "linux", reason="the README names Linux's folders")
def test_the_plugin_of_the_readme_runs(tmp_path: Path) -> None:
    blocks = (ROOT / "README.md").read_text("utf-8").split("```python\n")[1:3]
    package = tmp_path / "kexue-workbench" / "plugins" / "walk"
    package.mkdir(parents=True)
    for name, block in zip(("__init__.py", "job.py"), blocks, strict=True):
        (package / name).write_text(block.split("```")[0], "utf-8")
    places = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    done = call("workbench", "run", "walk", "--json", "--workspace", str(tmp_path / "runs"), folder=tmp_path, **places)
    found = json.loads(done)
    assert (found["status"], list(found["metrics"])) == ("done", ["spread"])


# --------------------------------------------------------------------------- imports


def test_imports() -> None:
    call("lint-imports", "--no-cache")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources, to plant something in."""
    for name in ("workbench", "plugins"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("layers", "workbench/tool.py", "import workbench.discovery"),
        ("layers", "workbench/jobs/__init__.py", "import workbench.ml.checkpoint"),
        ("layers", "workbench/runs/__init__.py", "import workbench.jobs"),
        ("layers", "workbench/checks.py", "import workbench.api"),
        ("layers", "workbench/unplaced.py", ""),
        ("no-plugin", "workbench/cli/__init__.py", "import workbench_gan"),
        ("independence", "plugins/workbench_gan/params.py", "import workbench_data"),
        ("plugins", "plugins/workbench_gan/params.py", "import workbench.discovery"),
        ("plugins", "plugins/workbench_gan/params.py", "from workbench import texts"),
        ("plugins", "plugins/workbench_data/view.py", "import workbench.runs"),
        ("ml", "workbench/ml/data.py", "import workbench.runs"),
        ("qt", "workbench/doctor.py", "import PySide6.QtCore"),
        ("qt", "plugins/workbench_gan/params.py", "from PySide6 import QtCore"),
        ("light", "workbench/tool.py", "import numpy"),
        ("light", "plugins/workbench_gan/params.py", "def late():\n    import torch"),
    ],
)
def test_a_planted_violation_is_found(tree: Path, contract: str, file: str, line: str) -> None:
    with (tree / file).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    with pytest.raises(AssertionError, match="1 broken"):
        lint(tree, contract)


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("plugins", "plugins/workbench_data/view.py", "import workbench.ui.widgets"),
        ("qt", "plugins/workbench_data/view.py", "import PySide6.QtCore"),
        ("qt", "workbench/ui/window.py", "import PySide6.QtCore"),
    ],
)
def test_what_is_allowed_passes(tree: Path, contract: str, file: str, line: str) -> None:
    for folder in (tree / "workbench/ui", tree / "workbench/ui/widgets"):
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    (tree / file).write_text(line, "utf-8")
    lint(tree, contract)


def lint(tree: Path, contract: str) -> None:
    path = os.pathsep.join([str(tree), str(tree / "plugins")])
    call("lint-imports", "--no-cache", "--contract", contract, folder=tree, PYTHONPATH=path)
