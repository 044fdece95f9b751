"""The job: learns labels from the words of labelled notes, and suggests some for the others. It only reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.api import Context, UserError

from . import Settings, T
from .document import Document


def run(params: Settings, context: Context) -> None:
    """Softmax regression on bags of words; suggestions are rows, keyed by note."""
    document = opened(params)
    known = [note for note in document.notes.values() if note.label]
    labels = sorted({note.label for note in known})
    words = sorted({word for note in document.notes.values() for word in note.text.split()})
    x = bags([note.text for note in known], words)
    y = torch.tensor([labels.index(note.label) for note in known])
    weight = torch.zeros(len(words), len(labels), requires_grad=True)
    context.track(weight=weight)
    for _ in context.steps(params.steps):
        loss = functional.cross_entropy(x @ weight, y)
        (slope,) = torch.autograd.grad(loss, weight)
        with torch.no_grad():
            weight -= context.params.lr * slope
        context.scalars(loss=loss)
    for rows in suggestions(document, words, labels, weight.detach(), params.batch):
        context.rows("suggestions", rows, key="note")


def opened(params: Settings) -> Document:
    """The document as it was saved. Raises UserError where it has changed since, and where nothing is labelled."""
    document = Document.load(params.document)
    if document.revision != params.revision:
        text = T("The notes are at revision {there}, not {asked}.", there=document.revision, asked=params.revision)
        raise UserError(text, remedy=T("Save them and start again."), field="revision")
    if not any(note.label for note in document.notes.values()):
        raise UserError(T("No note has a label to learn from."), field="document")
    return document


def bags(texts: Sequence[str], words: Sequence[str]) -> Tensor:
    """(N, W): whether a text holds a word."""
    return torch.tensor([[float(word in text.split()) for word in words] for text in texts])


def suggestions(
    document: Document, words: Sequence[str], labels: Sequence[str], weight: Tensor, size: int
) -> Iterator[list[dict[str, Any]]]:
    """Rows for the notes without a label, so many at once, keyed by note: one that comes again replaces itself."""
    todo = [key for key, note in document.notes.items() if not note.label]
    for begin in range(0, len(todo), size):
        keys = todo[begin : begin + size]
        chance, index = (bags([document.notes[key].text for key in keys], words) @ weight).softmax(1).max(1)
        yield [
            {"note": key, "label": labels[int(i)], "chance": float(p), "revision": document.revision}
            for key, i, p in zip(keys, index, chance, strict=True)
        ]
