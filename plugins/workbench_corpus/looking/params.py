"""What a person looks for in a corpus that was counted with its tokens kept."""

from __future__ import annotations

from typing import Annotated, Literal

from workbench.api import Artifact, P, Params, domain

from ..tokens.params import Entry

T = domain("workbench_corpus")
_NONE = T("count words with “Keep every token” switched on first: this tool looks into what such a count leaves.")


class Contexts(Params):
    """The places where a word stands, and what is to be counted of them."""

    index: Annotated[str, Artifact("index/tokens", missing=_NONE)] = P(
        ..., "Tokens of a count", help="Of a count that kept every token; the newest is taken when none is chosen."
    )
    word: str = P(
        "",
        "Word",
        help="Typed or clicked. Found however it was cut; with spaces: cut just so; several: with | between.",
        max_length=200,
    )
    characters: int = P(20, "Characters on either side", ge=1, le=200)
    most: int = P(200, "Contexts shown", ge=1, le=10_000)
    order: Literal["corpus", "left", "right"] = P(
        "corpus", "Order", help="Left, right: the same words beside it together, frequent ones first."
    )
    borders: bool = P(True, "Show where words are cut")
    by: str = P("file", "Count by", help="file, folder, or a column that was kept, such as year.", min_length=1)
    first: int = P(
        0, "Of each name only the first", help="4: the year of a date; 0: all of it.", unit="characters", ge=0, le=1000
    )
    length: int = P(2, "Words in a row", help="Runs of so many words that hold the word.", ge=2, le=8)
    dictionary: tuple[Entry, ...] = P(
        (), "Cut wrongly?", help="Words of your own: the texts that hold them are cut anew, and counts compared."
    )
    other: Annotated[str, Artifact("index/tokens")] = P(
        "", "Another count", help="Its counts beside these: with another dictionary, another tokenizer.", advanced=True
    )
