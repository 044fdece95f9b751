"""The live tool that shows one's own text cut by several tokenizers, and what folding changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel

from workbench.api import Context, Text, UserError, domain

from ..reading.documents import documents
from ..reading.params import Input
from ..reading.plan import Plan, plan
from ..reading.records import Document
from . import folding
from .aligned import Span, differences, inside, spans
from .cutting import Cutter, cutter
from .params import Preview
from .words import spec

_DOMAIN = "workbench_corpus"
T = domain("workbench_corpus")
_ROWS = 500
_MARK = '<span style="background-color: #f0c24b; color: #202020">{}</span>'
"""Read well on light and on dark grounds."""


class Cut:
    """One text cut in one way: name, tokens before case and digits are folded, and where they stand, if they do."""

    def __init__(self, name: str, text: str, cutter: Cutter) -> None:
        self.name, self.tokens, self.bare = name, cutter.tokens(text), cutter.bare
        self.spans = spans(text, map(cutter.bare, self.tokens))


def run(params: Preview, context: Context) -> None:
    """Shows the cuts beside each other, the stretches where they differ, and what counts as what."""
    text = given(params, context)
    words = spec(params.words)
    before = folding.before(words)
    cut_text = before(text) if before else text
    cuts = [Cut(name, cut_text, made) for name, made in _cutters(params, words, context)]
    compared = [each.spans for each in cuts if each.spans is not None]
    apart = differences(cut_text, compared)
    context.text("cut", page(cuts, apart), format="html")
    context.table("differences", list(rows(cuts, cut_text, apart[:_ROWS])))
    context.table("folded", list(folded(text, cut_text, cuts[0], words))[:_ROWS])


def given(params: Preview, context: Context) -> str:
    """The beginning of the file, or where none is chosen the text. Raises UserError where there is nothing to read."""
    if params.file is None:
        return params.text
    try:
        planned = plan(Input(paths=(params.file,)), context.sync)
    except UserError as error:
        raise UserError(error.text, error.remedy, "file") from error
    read, wrong = "", [what for each in planned.refused for what in each.troubles]
    for document in _documents(planned, wrong):
        read += ("\n" if read and document.begins else "") + document.text
        if len(read) >= params.characters:
            return read[: params.characters]
    if not read and wrong:
        raise UserError(wrong[0], field="file")
    return read


def _documents(planned: Plan, wrong: list[Text]) -> Iterator[Document]:
    """The documents of a plan; what cannot be read is added to `wrong`."""
    for task in planned.tasks:
        reading = documents(task)
        yield from reading
        wrong += [trouble.what for trouble in reading.troubles]


def _cutters(params: Preview, words: Mapping[str, Any], context: Context) -> Iterator[tuple[str, Cutter]]:
    """By names that differ; the text is folded before, and words are not folded yet."""
    plain = {name: words[name] for name in ("dictionary",) if name in words}
    names: Counter[str] = Counter()
    for chosen in params.tokenizers:
        context.sync()
        name = named(chosen)
        names[name] += 1
        again = f" ({names[name]})" if names[name] > 1 else ""
        yield name + again, cutter(context.chosen(chosen).spec, plain)


def named(tokenizer: BaseModel) -> str:
    """A tokenizer as the command line calls it, with what is not as usual: "rjieba hmm=false"."""
    usual = type(tokenizer)().model_dump(mode="json")
    values = tokenizer.model_dump(mode="json")
    changed = (f"{name}={value}".lower() for name, value in values.items() if value != usual[name])
    return " ".join([values["kind"], *changed])


def page(cuts: Sequence[Cut], apart: Sequence[Span]) -> Text:
    """All cuts below each other, as HTML; where they differ they are marked."""
    values: dict[str, Any] = {}
    for k, each in enumerate(cuts):
        tokens, types = len(each.tokens), len(set(each.tokens))
        values[f"name{k}"] = T(
            "{name}: {tokens}, {types}",
            name=escape(each.name),
            tokens=T("{n} token" if tokens == 1 else "{n} tokens", n=f"{tokens:,}"),
            types=T("{n} type" if types == 1 else "{n} types", n=f"{types:,}"),
        )
        values[f"body{k}"] = " / ".join(_drawn(each, apart))
    return Text("".join(f"<p><b>{{name{k}}}</b><br>{{body{k}}}</p>" for k in range(len(cuts))), values, _DOMAIN)


def _drawn(cut: Cut, apart: Sequence[Span]) -> Iterator[str]:
    marked = {span for stretch in apart for span in inside(cut.spans or (), stretch)}
    for k, token in enumerate(cut.tokens):
        drawn = visible(token)
        yield _MARK.format(drawn) if cut.spans and cut.spans[k] in marked else drawn


def visible(token: str) -> str:
    """A token as HTML: spaces and ends of lines are seen."""
    shown = token.replace("\r\n", "\n").translate({ord("\n"): "↵", ord("\r"): "↵", ord("\t"): "⇥", ord(" "): "␣"})
    return as_html(shown)


def as_html(text: str) -> str:
    """A text as HTML, in which $ begins no formula."""
    return escape(text).replace("$", "&#36;")


def rows(cuts: Sequence[Cut], text: str, apart: Iterable[Span]) -> Iterator[dict[str, Any]]:
    """A row for each stretch that is cut in several ways: where it begins, the text, and every way."""
    for stretch in apart:
        ways = {
            each.name: " / ".join(text[slice(*span)] for span in inside(each.spans, stretch))
            for each in cuts
            if each.spans is not None
        }
        yield {"at": stretch.start + 1, "text": text[slice(*stretch)], **ways}


def folded(text: str, cut_text: str, cut: Cut, words: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What becomes what, and how often: stretches of the text before it is cut, then tokens, "" for those left out."""
    final = Cutter({"make": f"{__package__}.simple:Whitespace"}, words)
    whole = ((token, final.after(token)) for token in cut.tokens)
    pairs = ((token, word if final.counts(cut.bare(word)) else "") for token, word in whole)
    for found in (changed(text, cut_text), (pair for pair in pairs if pair[0] != pair[1])):
        for (old, new), times in Counter(found).most_common():
            yield {"text": old, "becomes": new, "times": times}


def changed(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The stretches that differ between a text and what folding made of it, line by line."""
    for before, after in zip_longest(old.splitlines(), new.splitlines(), fillvalue=""):
        if before != after:
            edits = SequenceMatcher(None, before, after).get_opcodes()
            yield from ((before[a:b], after[c:d]) for kind, a, b, c, d in edits if kind != "equal")
