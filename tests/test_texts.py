"""Texts: source and values are kept, translation happens at the edge."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from workbench import texts
from workbench.texts import T, Text, choose, domain, translate


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A plugin with a catalogue of its own, which also overrides a text of the host's."""
    package = tmp_path / "toy_with_texts"
    folder = package / "locale" / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    catalogue = Catalog("zh_CN")
    catalogue.add("A ring of {n} dots", "{n} 个点的环")
    catalogue.add("It failed: {why}", "失败:{why}")
    with (folder / "toy_with_texts.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.syspath_prepend(tmp_path)
    texts._catalogue.cache_clear()
    yield "toy_with_texts"
    texts._catalogue.cache_clear()


def test_a_text_is_a_string_that_remembers() -> None:
    text = T("No tool is called {name}.", name="gann")
    assert text == "No tool is called gann."
    assert (text.source, text.values, text.domain) == ("No tool is called {name}.", {"name": "gann"}, "workbench")


def test_braces_without_values_are_left_alone() -> None:
    assert T("{x} stays") == "{x} stays"


@pytest.mark.parametrize("text", [T("plain"), T("{n} dots", n=3), T("in {where}", where=T("the {side}", side="left"))])
def test_a_text_survives_json_and_pickle(text: Text) -> None:
    for again in (Text.from_json(text.to_json()), pickle.loads(pickle.dumps(text))):
        assert (again, again.source, again.values, again.domain) == (text, text.source, text.values, text.domain)


def test_values_that_are_not_json_become_text() -> None:
    assert T("{path}", path=Path("a")).to_json()["values"] == {"path": "a"}
    assert Text.from_json("bare").source == "bare"


def test_a_plugins_text_is_looked_up_in_its_own_catalogue(plugin: str) -> None:
    mark = domain(plugin)
    assert translate(mark("A ring of {n} dots", n=5), "zh_CN") == "5 个点的环"
    assert translate(mark("A ring of {n} dots", n=5), "en") == "A ring of 5 dots"
    assert translate("A ring of {n} dots", "zh_CN", plugin) == "{n} 个点的环"


def test_values_that_are_texts_are_translated_too(plugin: str) -> None:
    mark = domain(plugin)
    assert translate(mark("It failed: {why}", why=mark("A ring of {n} dots", n=2)), "zh_CN") == "失败:2 个点的环"


def test_a_plugins_text_may_be_the_hosts(plugin: str) -> None:
    assert translate(domain(plugin)("Update the tool."), "zh_CN") == translate(T("Update the tool."), "zh_CN")
    assert translate(T("Update the tool."), "zh_CN") != "Update the tool."


@pytest.mark.parametrize("name", ["no_such_plugin", "plugins"])
def test_without_a_catalogue_a_text_stays_english(name: str) -> None:
    assert translate(Text("Something {n}", {"n": 1}, name), "zh_CN") == "Something 1"
    assert translate("", "zh_CN") == ""


@pytest.mark.parametrize(
    ("wishes", "environment", "expected"),
    [
        (("zh_CN", "en"), "", "zh_CN"),
        ((None, "", "en"), "zh_CN.UTF-8", "en"),
        ((None,), "zh_CN.UTF-8", "zh_CN"),
        (("zh-Hans",), "", "zh_CN"),
        ((), "en_GB.UTF-8", "en"),
        ((), "fr_FR.UTF-8", "en"),
    ],
)
def test_the_first_wish_that_we_have_is_chosen(
    wishes: tuple[str | None, ...], environment: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", environment)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.delenv("LANG", raising=False)
    monkeypatch.setattr("workbench.texts.locale.getlocale", lambda: (None, None))
    assert choose(*wishes) == expected
