"""The live tool: contexts of a word, its counts by group, runs of words that hold it, and what a dictionary changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

import numpy as np

from workbench.api import Context, UserError, domain

from ..artifacts import BUILT_IN, TokenIndex, called
from ..reading.documents import documents
from ..reading.params import Input
from ..reading.plan import plan
from ..tokens import folding
from ..tokens.cutting import cutter
from ..tokens.offered import cuts
from ..tokens.params import Entry, Words
from ..tokens.preview import as_html
from ..tokens.words import spec
from . import around, groups
from .cloud import cloud
from .compare import compared
from .find import Hits, find
from .params import Contexts
from .recount import recount
from .shelf import grouped, opened, table_of

T = domain("workbench_corpus")
BARS = 40
"""Groups that are drawn, those with the highest counts; the table has all."""
ROWS = 500
"""Rows of tables that show the most frequent."""


def run(params: Contexts, context: Context) -> None:
    """Shows everything that is known of `params.word`."""
    index = opened(params.index, context)
    context.table("words", table_of(index, context.dir / f"words-{crc32(params.index.encode()):08x}.parquet"))
    context.text("cloud", cloud(index.counted(), bares=index.bares), format="html")
    hits = find(index, params.word, context.sync)
    context.text("about", summary(params, index, hits), format="html")
    context.table("cuts", ways(index, hits))
    found = around.ordered(index, hits, params.order)
    shown = around.contexts(index, found, params.characters, params.most, params.borders)
    context.table("contexts", shown, right=["left"])
    count_by(params, hits, context)
    context.sync()
    context.table("runs", around.grams(index, hits, params.length, ROWS))
    if params.dictionary:
        change(params, index, context)
    if params.other:
        context.table("beside", compared(index, opened(params.other, context), ROWS))


def summary(params: Contexts, index: TokenIndex, hits: Hits) -> str:
    """How often, and in how many documents."""
    if not params.word.strip():
        return T("Type a word, or click one.")
    found, documents = len(hits.starts), len(np.unique(index.documents_of(hits.starts)))
    return T(
        "<b>{word}</b>: {times} in {documents}, {million} per million words.",
        word=as_html(params.word.strip()),
        times=T("{n} time" if found == 1 else "{n} times", n=f"{found:,}"),
        documents=T("{n} document" if documents == 1 else "{n} documents", n=f"{documents:,}"),
        million=f"{found / max(int(index.lengths.sum()), 1) * groups.MILLION:,.2f}",
    )


def ways(index: TokenIndex, hits: Hits) -> list[dict[str, object]]:
    """How the text was cut, and how often so."""
    rows = [
        {"cut": around.joined([index.words[rank] for rank in way]), "count": int(count)}
        for way, count in zip(hits.ways, hits.of_each(), strict=True)
        if count
    ]
    return sorted(rows, key=lambda row: -int(str(row["count"])))


def count_by(params: Contexts, hits: Hits, context: Context) -> None:
    """Counts by file, folder or column: bars and a table. Raises UserError for a column that was not kept."""
    index = opened(params.index, context)
    known = sorted({called(name) for each in index.columns for name in each})
    if params.by not in (*BUILT_IN, *known):
        text = T("The count kept no column {name}; there are: {known}.", name=params.by, known=", ".join(known) or "-")
        raise UserError(text, remedy=T("Count by file or folder, or keep the column when counting."), field="by")
    groups_of = grouped(params.index, params.by, params.first, context)
    counts = groups_of.counts(index, hits)
    names, heights = groups.drawn(groups_of, counts, BARS)
    labels = [name.rpartition("/")[2] or name for name in names]
    context.bars("groups", heights, labels=labels, names=list(hits.texts))
    context.table("by", groups.rows(groups_of, counts, hits.texts))


def change(params: Contexts, index: TokenIndex, context: Context) -> None:
    """Cuts the texts that hold words of one's own in both ways, and shows lines and counts before and after."""
    about = index.about
    fold = folding.before(about["words"]) or str
    plain = {**about["words"], "script": "kept", "width": False}  # for the texts are folded here
    before = cutter(about["tokenizer"], plain)
    after = cutter(about["tokenizer"], {**plain, "dictionary": dictionary(params, about["words"])})
    words = [fold(each.word) for each in params.dictionary]
    tokens = (before.tokens, after.tokens)
    found = recount(map(fold, texts(about, context)), words, *tokens, params.characters, params.most, after.bare)
    totals = dict(zip(index.words, index.counts.tolist(), strict=True))
    context.table("anew", found.lines)
    context.table("changed", [row for row in found.changed(totals, ROWS) if after.counts(str(row["word"]))])


def dictionary(params: Contexts, words: Mapping[str, Any]) -> Any:
    """The dictionary of the count, with the words of one's own after its own."""
    known = words.get("dictionary", {}).get("words", ())
    before = (Entry(word=word, freq=frequency, tag=tag) for word, frequency, tag in known)
    folds = {name: words[name] for name in ("script", "width") if name in words}
    return spec(Words(dictionary=(*before, *params.dictionary), **folds), "dictionary")["dictionary"]


def texts(about: Mapping[str, Any], context: Context) -> Iterator[str]:
    """The corpus once more, as the count read it. Raises UserError where its files are gone."""
    tasks = plan(Input(**about["input"]), context.sync, cuts(about["tokenizer"]["kind"])).tasks
    for done, task in enumerate(tasks):
        context.progress(done, len(tasks), T("Cutting texts anew"))
        for document in documents(task):
            context.sync()
            yield document.text
