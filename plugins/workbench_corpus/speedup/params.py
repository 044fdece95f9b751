"""What a person sets of the article's experiment."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from workbench.api import Offered, P, Params

from ..reading.params import Input

Size = Annotated[int, Field(ge=1, le=10_000_000)]
Workers = Annotated[int, Field(ge=0, le=256)]


class Speedup(Params, Input):
    """One dict that grows, batches that are merged, and several processes: the same words counted in all ways."""

    tokenizers: tuple[Annotated[Any, Offered("tokenizer")], ...] = P(
        ("jieba", {"kind": "chargrams", "n": 2}),
        "Tokenizers",
        help="A cheap one beside jieba: where cutting takes all the time, no way of counting can matter.",
        min_length=1,
        max_length=4,
    )
    megabytes: float = P(
        2.0,
        "Amount of text",
        help="The first of it, or all of it again and again until it is as much.",
        unit="MB",
        gt=0,
        le=10_000,
    )
    batches: tuple[Size, ...] = P((10, 100, 1000, 10_000, 100_000), "Documents in a batch")
    workers: tuple[Workers, ...] = P((1, 0), "Processes", help="0: as many as there are processors.")
    stretch: int = P(100, "Documents in a task", help="Of those that processes are given.", ge=1, advanced=True)
    growth: bool = P(True, "Cost of an update", help="Along the growth of the dict, and in a new one beside it.")
    repeats: int = P(3, "Repeats", help="The ways take turns, in another order each time.", ge=1, le=1000)
