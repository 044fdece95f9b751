"""Catalogues: every text is found, and whatever is wrong with a translation is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from workbench.evidence import Experiment
from workbench.params import Group, P, Params
from workbench.registry import Found, FoundTool, Registry
from workbench.testing import catalogues
from workbench.testing.catalogues import Texts, check, collect, load, placeholders, po_file, update
from workbench.tool import Action, Offer, Panel, Preset, Tool

DOMAIN = "workbench_toy"


class Ring(Group):
    sigma: float = P(0.1, "Width", help="Of the ring.")


class Toy(Params):
    steps: int = P(1, "Number of steps")


Toy.__module__ = Ring.__module__ = f"{DOMAIN}.params"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a host and one plugin."""
    for folder in ("workbench", f"plugins/{DOMAIN}"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def texts_of(root: Path, file: str, source: str, registry: Registry | None = None) -> Texts:
    (root / file).write_text(source, "utf-8")
    return collect(registry or Registry(), root)


def test_marked_texts_are_found(root: Path) -> None:
    source = """
from workbench.texts import T
a = T("one {n} " "two", n=1)
b = T("yes" if a else "no")
c = T(a.state)
raise UserError("plain", remedy="do it")
context.notice("look")
"""
    result = texts_of(root, "workbench/errors.py", source)
    own = {text for text, places in result.found["workbench"].items() if places == {"workbench/errors.py"}}
    assert own == {"one {n} two", "yes", "no", "plain", "do it", "look"}
    assert result.faults == []


@pytest.mark.parametrize("source", ['T(f"{a} b")', 'T("a" + b)', 'T("a {}".format(b))'])
def test_a_marked_text_is_written_out(root: Path, source: str) -> None:
    (fault,) = texts_of(root, "workbench/a.py", source).faults
    assert fault.startswith("workbench/a.py:1: a marked text must be written out")


def test_a_plugin_marks_all_its_texts(root: Path) -> None:
    (fault,) = texts_of(root, f"plugins/{DOMAIN}/a.py", 'raise UserError("plain")').faults
    assert fault == f'plugins/{DOMAIN}/a.py:1: mark the text: T("…")'
    assert texts_of(root, f"plugins/{DOMAIN}/a.py", 'raise UserError(T("mine"))').found[DOMAIN].keys() == {"mine"}


def test_declared_texts_are_found(root: Path) -> None:
    tool = Tool(
        "toy", "A toy", Toy, run=":run", description="It plays.",
        panels=(Panel("p", "text", "s", title="Words", help="What it says."),),
        presets=(Preset("one", "First", {}, "Look here."),), actions=(Action("kick", "Kick"),),
    )  # fmt: skip
    data = Offer("ring", "dataset/toy", "A ring", ":load", Ring, "Round.")
    experiment = Experiment("far", "Toys roll far.", "A paper", (), ":judge")
    registry = Registry(
        tools={"toy": FoundTool(tool, "toy", DOMAIN, "1")}, offers={"ring": Found(data, "toy", DOMAIN, "1")},
        experiments={"far": Found(experiment, "toy", DOMAIN, "1")},
    )  # fmt: skip
    result = texts_of(root, "workbench/a.py", "", registry)
    assert result.found[DOMAIN].keys() == {
        "A toy", "It plays.", "Words", "What it says.", "First", "Look here.", "Kick",
        "Number of steps", "A ring", "Round.", "Width", "Of the ring.",
        "Toys roll far.", "A paper",
    }  # fmt: skip
    assert "Seed" in result.found["workbench"]


# --------------------------------------------------------------------------- checking

FOUND = {"It takes {n} steps.": {"a.py"}, "Stop": {"b.py"}}


def translated(root: Path, translations: dict[str, str], fuzzy: bool = False) -> list[str]:
    update(DOMAIN, FOUND, "zh_CN", root)
    file = po_file(DOMAIN, "zh_CN", root)
    catalogue = load(file, "zh_CN")
    for text, translation in translations.items():
        message = catalogue.get(text) or catalogue.add(text)
        message.string = translation
        if fuzzy:
            message.flags.add("fuzzy")
    with file.open("wb") as stream:
        write_po(stream, catalogue)
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)
    return list(check(DOMAIN, FOUND, "zh_CN", root))


COMPLETE = {"It takes {n} steps.": "需要 {n} 步。", "Stop": "停止"}


def test_a_complete_catalogue_is_right_and_updating_keeps_it(root: Path) -> None:
    assert translated(root, COMPLETE) == []
    update(DOMAIN, FOUND, "zh_CN", root)
    before = po_file(DOMAIN, "zh_CN", root).read_bytes()
    update(DOMAIN, FOUND, "zh_CN", root)
    assert po_file(DOMAIN, "zh_CN", root).read_bytes() == before
    assert list(check(DOMAIN, FOUND, "zh_CN", root)) == []


@pytest.mark.parametrize(
    ("translations", "fault"),
    [
        ({"Stop": "停止"}, "not translated: 'It takes {n} steps.'"),
        (
            {**COMPLETE, "It takes {n} steps.": "需要 {m} 步。"},
            "other values in the translation: 'It takes {n} steps.'",
        ),
        ({**COMPLETE, "Gone": "没有了"}, "stale: 'Gone'"),
    ],
)
def test_what_is_wrong_is_said(root: Path, translations: dict[str, str], fault: str) -> None:
    (said,) = translated(root, translations)
    assert said == f"plugins/{DOMAIN}/locale/zh_CN/LC_MESSAGES/{DOMAIN}.po: {fault}"


def test_fuzzy_translations_and_old_mo_files_are_said(root: Path) -> None:
    assert any("fuzzy: 'Stop'" in each for each in translated(root, COMPLETE, fuzzy=True))
    assert translated(root, COMPLETE) == []
    po_file(DOMAIN, "zh_CN", root).with_suffix(".mo").unlink()
    (said,) = check(DOMAIN, FOUND, "zh_CN", root)
    assert said.endswith("the .mo was not made from it")


def test_a_removed_text_leaves_the_catalogue(root: Path) -> None:
    translated(root, COMPLETE)
    update(DOMAIN, {"Stop": {"b.py"}}, "zh_CN", root)
    assert [each.id for each in load(po_file(DOMAIN, "zh_CN", root), "zh_CN") if each.id] == ["Stop"]


def test_placeholders() -> None:
    assert placeholders("{a} and {b:.2f} {{c}}") == {"a", "b"}
    assert placeholders("no format }") == set()


def test_an_uninstalled_plugin_is_said() -> None:
    assert all("is not installed" in each for each in catalogues._not_installed(Registry()))
    assert len(list(catalogues._not_installed(Registry()))) == len(catalogues.packages()) - 1
