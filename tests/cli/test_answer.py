"""What a live tool answers is printed; its texts and tables are exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Write
from .program import done, workbench

DECLARES = """
    from workbench.api import P, Params, Tool, hookimpl

    class Settings(Params):
        rows: int = P(3, "Rows")

    @hookimpl
    def workbench_declare():
        return [Tool("says", "Says", Settings, run=".job:run", live={live})]
"""
JOB = """
    from workbench.api import Text, domain

    T = domain("says")

    def run(params, context):
        page = T("<p>A <b>bold</b>&amp;plain word<br>{more}</p>", more="in\u2060 two lines")
        context.text("page", page, format="html")
        context.text("note", "**kept** as it is")
        context.table("rows", [{"word": "a\\tb\\n", "share": 1 / 3} for _ in range(params.rows)])
        context.table("none", [])
"""
SAID = """\

none:
  -

note:
  **kept** as it is

page:
  A bold&plain word
  in two lines

rows:
  word	share
  a⇥b↵	0.333333
"""


@pytest.fixture
def tool(write: Write) -> None:
    """A live tool that reports two texts and two tables."""
    write("says", DECLARES.format(live=True), JOB)


@pytest.mark.usefixtures("tool")
def test_texts_and_tables_are_printed(tmp_path: Path) -> None:
    said = done("run", "says", "--set", "rows=1").out.splitlines(keepends=True)
    assert "".join(said[1:]) == SAID
    assert done("run", "says", "--json").object["status"] == "done"
    run = done("run", "says", "--set", "rows=12").out
    assert run.count("a⇥b↵") == 10
    assert "--to csv PATH --stream rows`" in run
    done("export", "@last", "--to", "csv", tmp_path / "rows.csv", "--stream", "rows")
    assert (tmp_path / "rows.csv").read_text("utf-8-sig").count('"a\tb\n"') == 12


@pytest.mark.usefixtures("tool")
def test_a_text_becomes_a_file(tmp_path: Path) -> None:
    done("run", "says")
    assert "there are: note, page. Name one stream." in workbench("export", "@last", "--to", "text", tmp_path / "t").err
    done("export", "@last", "--to", "text", tmp_path / "t", "--stream", "page")
    assert (tmp_path / "t").read_text("utf-8") == "A bold&plain word\nin two lines\n"


def test_a_job_that_goes_on_prints_its_numbers_alone(write: Write) -> None:
    write("says", DECLARES.format(live=False), JOB)
    assert "bold" not in done("run", "says").out
