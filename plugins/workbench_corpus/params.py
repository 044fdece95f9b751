"""What a person sets of a count: what is read, how it is cut, and what is counted beside the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, model_validator

from workbench.api import Offered, P, Params, domain

from .reading.params import Input, Place
from .tokens.params import Words

T = domain("workbench_corpus")


class Count(Params, Input):
    """The words of a corpus and how often each occurs."""

    paths: tuple[Place, ...] = P(..., "Files and folders", help="Patterns too: news/**/*.txt.")
    tokenizer: Annotated[Any, Offered("tokenizer")] = P("rjieba", "Cut by")
    hmm: bool | None = P(None, "Guess new words", help="Stands for tokenizer.hmm.", hidden=True)
    words: Words = P({}, "Words")
    document_counts: bool = P(
        True,
        "Documents of each word",
        help="And documents and tokens by file, folder and column kept. Costs about a quarter of the speed.",
    )
    dispersion: Literal["none", "slices", "files"] = P(
        "none", "Dispersion over", help="Juilland's D and Gries's DP: how evenly a word is spread over parts."
    )
    slices: int = P(
        100, "Slices", help="Of the whole corpus, equally long.", ge=2, le=100_000, when={"dispersion": "slices"}
    )
    ngrams: int = P(0, "Words in a row", help="Counts runs of so many words; 0 and 1: none.", ge=0, le=8)
    ngrams_least: int = P(2, "Least occurrences of a run", ge=1, advanced=True)
    index: bool = P(
        False,
        "Keep every token",
        help="4 bytes each on the disk: contexts, n-grams and comparisons are read from them.",
    )
    workers: int = P(0, "Processes", help="0: as many as there are processors.", ge=0, le=1024)
    portion: float | None = P(  # type: ignore[assignment]
        None, "Text in a task", help="None: as much as is cut in a fraction of a second.", unit="MB", ge=0.001, le=64,
        advanced=True,
    )  # fmt: skip
    vocabulary: int = P(
        1_000_000, "Words in memory", help="More are spilled to the disk and merged at the end.", ge=1000, advanced=True
    )
    memory: int = P(400, "Memory for merging", unit="MB", ge=50, advanced=True)

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, values: Any) -> Any:
        """`hmm=…` is written into the tokenizer."""
        if not isinstance(values, Mapping) or values.get("hmm") is None:
            return values
        return {**values, "tokenizer": _with(values.get("tokenizer", "rjieba"), hmm=values["hmm"]), "hmm": None}

    @property
    def detailed(self) -> bool:
        """Whether more than words is counted."""
        return self.document_counts or bool(self.meta) or self.keeps

    @property
    def keeps(self) -> bool:
        """Whether every token is wanted in its place, for a while at least."""
        return self.index or self.dispersion != "none" or self.ngrams > 1


def _with(tokenizer: Any, **values: Any) -> dict[str, Any]:
    """A chosen tokenizer, however it was written, with other values."""
    if isinstance(tokenizer, BaseModel):
        tokenizer = tokenizer.model_dump()
    return {**({"kind": tokenizer} if isinstance(tokenizer, str) else tokenizer), **values}
