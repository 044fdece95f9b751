"""Runs are labelled, found by what was said of them, shared and taken in, on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .program import done, refused, workbench


def found(*query: str) -> list[str]:
    """The ids that a search finds."""
    return [each["id"] for each in done("runs", "--json", *query).object["runs"]]


def test_a_label_is_found_again(finished: Path) -> None:
    name = finished.name
    said = done(
        "label", "@last", "--tag", "good, to show", "--tag", "second", "--star", "--title", "Mine", "--note", "很好"
    )
    assert said.out.split()[:3] == [name, "★", "Mine"]
    for query in ("tag:good", 'tag:"to show"', "is:starred", "mine", "很好", "lr=2e-4", "spread>0 -tag:bad", "is:done"):
        assert found("--search", query) == [name], query
    for query in ("tag:bad", "lr=1", "spread<0", "-is:starred"):
        assert found(f"--search={query}") == [], query
    assert "--search=-x" in done("runs", "--help").out
    assert "#good" in done("runs", "--search", "tag:good").out
    assert "No run fits" in done("runs", "--search", "tag:bad").out
    assert done("label", name, "--untag", "GOOD", "--unstar").out.split() == [
        name,
        "Mine",
        "#to",
        "show",
        "#second",
        "很好",
    ]
    labels = done("runs", name, "--json").object["labels"]
    assert labels == {"title": "Mine", "star": False, "tags": ["to show", "second"], "note": "很好"}


@pytest.mark.usefixtures("finished")
def test_wrong_labels_are_one_line() -> None:
    for arguments, words in (
        (("@last",), "Nothing was said"),
        (("nobody", "--star"), "There is no run"),
        (("@last", "--tag", "x" * 61), "too long"),
        (("@last", "--star", "--unstar"), "not allowed with"),
    ):
        failed = workbench("label", *arguments)
        assert failed.status == 2
        assert words in failed.complaint


def test_what_a_terminal_would_obey_is_shown_instead(finished: Path) -> None:
    odd = "a\x1b[31mb\u202ec\x9bd"
    shown = done("label", "@last", "--title", odd).out + done("runs").out
    assert shown.count(r"a\u001b[31mb\u202ec\u009bd") == 2
    assert done("runs", finished.name, "--json").object["labels"]["title"] == odd
    assert "很" in done("label", "@last", "--title", "很\U0001f600").out
    ascii_only = done("runs", finished.name, "--json", PYTHONIOENCODING="ascii")
    assert ascii_only.out.isascii()
    assert ascii_only.object["labels"]["title"] == "很\U0001f600"
    assert r"\u5f88" in done("runs", PYTHONIOENCODING="ascii").out


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are Unicode there")
def test_labels_that_are_no_unicode_are_refused(finished: Path) -> None:
    for option in ("--note", "--title", "--tag"):
        complaint = refused("label", "@last", option, "\udcff")
        assert r"“\udcff” is no text in UTF-8" in complaint
    (finished / "labels.json").write_text('{"title": "\\ud800"}')
    assert finished.name in done("runs").out
    assert "Mend or delete" in refused("label", "@last", "--star")


def test_a_run_goes_to_another_workspace_and_goes_on_there(finished: Path, tmp_path: Path) -> None:
    there = ("--workspace", str(tmp_path / "there"))
    done("label", finished.name, "--tag", "good")
    file = done("export", finished.name, "--to", "run", tmp_path).out.strip()
    assert file == str(tmp_path / f"{finished.name}.run.zip")
    assert f"{file} is there already." in refused("export", finished.name, "--to", "run", tmp_path)
    assert done("export", finished.name, "--to", "run", tmp_path, "--force").out.strip() == file
    assert done("import", file, *there).out.strip() == finished.name
    assert (
        done("runs", finished.name, "--json", *there).object["metrics"]
        == done("runs", "@last", "--json").object["metrics"]
    )
    assert found("--search", "tag:good", *there) == [finished.name]
    again = done("run", "--resume", finished.name, "--set", "steps=25", "--json", *there).object
    assert (again["status"], again["run_id"]) == ("done", finished.name)
    second = done("import", file, *there)
    assert second.out.strip() != finished.name
    assert f"There is a run {finished.name} already" in second.err


def test_what_cannot_be_shared_or_taken_in_is_one_line(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_text("nothing")
    for arguments, words in (
        (("import", tmp_path / "bad.zip"), "no shared run, or damaged"),
        (("import", tmp_path / "gone.zip"), "cannot be read"),
        (("export", finished.name, "--to", "run", tmp_path / "no" / "where.zip"), "cannot be written"),
        (("export", finished.name, "--to", "csv", tmp_path / "x.csv", "--checkpoints", "all"), "goes with --to run"),
        (("export", finished.name, "--to", "run", tmp_path, "--stream", "x"), "goes with --to run"),
        (("export", finished.name, "--to", "nothing", tmp_path), "run"),
    ):
        failed = workbench(*arguments)
        assert failed.status == 2
        assert words in failed.complaint
