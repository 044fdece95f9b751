"""Which parameter or metric is meant by what is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.runs.index import Row
from workbench.runs.search import Entry, entry, search


def a_run(params: dict[str, Any] | None = None, **last: float) -> Entry:
    """A run, prepared; last: its metrics, `real__sure` for `real/sure`."""
    metrics = {name.replace("__", "/"): value for name, value in last.items()}
    return entry(
        Row(
            id="r", folder=Path("nowhere"), tool="drip", state="done", created=0.0, seconds=9.0, params=params or {},
            group="", preset="", command="", last=metrics, links=(), error=None,
        )
    )  # fmt: skip


@pytest.mark.parametrize(("query", "fits"), [("sure>0.25", False), ("sure<0.25", True), ("real/sure>0.9", True)])
def test_a_whole_name_is_not_the_end_of_another(query: str, fits: bool) -> None:
    assert search(query)(a_run(sure=0.21, real__sure=0.94, fake__sure=0.01)) is fits


def test_a_last_part_is_enough_where_no_name_is_whole() -> None:
    assert search("sure>0.25")(a_run(real__sure=0.94))
    assert search("stages=3")(a_run({"head": {"stages": 3}}, steps=3))
    assert search("data=ring*")(a_run({"train": {"data": {"kind": "ring8"}}}))


def test_a_star_alone_stands_for_anything() -> None:
    said = a_run({"text": "why [not]? because"})
    assert search('text="why [not]? b*"')(said)
    assert not search('text="why ?not]? b*"')(said)
    assert not search("text=wh?*")(said)


def test_a_parameter_of_the_whole_name_hides_metrics_that_end_in_it() -> None:
    found = a_run({"rate": 1, "data": {"kind": "ring8"}}, learning__rate=0.5, train__data=7.0)
    assert not search("rate<1")(found)
    assert search("rate!=0.5")(found)
    assert search("data=ring8")(found)
    assert not search("data=7")(found)


def test_what_a_run_says_of_itself_is_a_whole_name() -> None:
    assert not search("seconds<1")(a_run(cost__seconds=0.5))
    assert search("seconds>8")(a_run(cost__seconds=0.5))
    assert search("cost/seconds<1")(a_run(cost__seconds=0.5))
