"""The document: notes and their labels. It changes by operations only, and every operation can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workbench.api import UserError

from . import T


class Operation(Protocol):
    """A change of a document, and its reverse."""

    def do(self, labels: dict[str, str]) -> None:
        """Changes the labels."""

    def undo(self, labels: dict[str, str]) -> None:
        """Puts back what was there."""


@dataclass(frozen=True)
class SetLabel:
    """Gives a note another label, "" for none."""

    note: str
    label: str
    before: str

    def do(self, labels: dict[str, str]) -> None:
        """See `Operation`."""
        labels[self.note] = self.label

    def undo(self, labels: dict[str, str]) -> None:
        """See `Operation`."""
        labels[self.note] = self.before


@dataclass(frozen=True)
class Together:
    """Several operations that are done and undone as one."""

    parts: tuple[Operation, ...]

    def do(self, labels: dict[str, str]) -> None:
        """See `Operation`."""
        for each in self.parts:
            each.do(labels)

    def undo(self, labels: dict[str, str]) -> None:
        """See `Operation`."""
        for each in reversed(self.parts):
            each.undo(labels)


@dataclass
class Document:
    """Notes (text by key) and labels by key. revision: counts every change, so that a job can name what it reads."""

    notes: Mapping[str, str]
    labels: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    _done: list[Operation] = field(default_factory=list, repr=False, compare=False)
    _undone: list[Operation] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.labels = {key: self.labels.get(key, "") for key in self.notes}

    def push(self, operation: Operation) -> None:
        """Does an operation; what was undone before cannot be done again."""
        operation.do(self.labels)
        self._done.append(operation)
        self._undone.clear()
        self.revision += 1

    def undo(self) -> bool:
        """Takes back the last operation; whether there was one."""
        return self._move(self._done, self._undone, forward=False)

    def redo(self) -> bool:
        """Does again what was undone last; whether there was something."""
        return self._move(self._undone, self._done, forward=True)

    def _move(self, source: list[Operation], target: list[Operation], forward: bool) -> bool:
        if not source:
            return False
        operation = source.pop()
        (operation.do if forward else operation.undo)(self.labels)
        target.append(operation)
        self.revision += 1
        return True

    # ------------------------------------------------------------------ operations

    def label(self, note: str, label: str) -> SetLabel:
        """The operation that labels a note."""
        return SetLabel(note, label, self.labels[note])

    def accept(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Takes results back: labels the notes that have none yet, as one operation; whether that changed anything.

        Rows are keyed by their note, the newest counts; what is there already is left alone, so that the same rows
        may come twice. What a person has labelled meanwhile stays.
        """
        newest = {row["note"]: row["label"] for row in rows}
        parts = [self.label(key, label) for key, label in newest.items() if self.labels.get(key) == ""]
        if parts:
            self.push(Together(tuple(parts)))
        return bool(parts)

    # ------------------------------------------------------------------ files

    def save(self, path: Path) -> None:
        """Writes the document: whole or not at all."""
        temporary = path.with_name(f".{path.name}")
        record = {"revision": self.revision, "notes": dict(self.notes), "labels": self.labels}
        temporary.write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> Document:
        """Reads a document. Raises UserError for what is none."""
        try:
            record = json.loads(path.read_text("utf-8"))
            return cls(record["notes"], record["labels"], record["revision"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(T("{file} cannot be read as notes.", file=path.name), field="document") from error
