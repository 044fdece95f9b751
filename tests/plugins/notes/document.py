"""The document: notes and their labels. It changes by operations only, and every operation can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.api import UserError

from . import T


@dataclass(frozen=True)
class Note:
    """A text and its label, "" for none."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Change:
    """Notes before and after, by key; None where there is none. Its reverse is a change too."""

    before: Mapping[str, Note | None]
    after: Mapping[str, Note | None]

    @property
    def reverse(self) -> Change:
        """What takes it back."""
        return Change(self.after, self.before)


@dataclass
class Document:
    """Notes by key. revision: counts every change, undone ones too, so that a job can name what it reads."""

    notes: dict[str, Note] = field(default_factory=dict)
    revision: int = 0

    def apply(self, change: Change) -> None:
        """Does a change. Notes stand in the order of their keys, so that one that comes back has its old place."""
        for key, note in change.after.items():
            if note is None:
                self.notes.pop(key, None)
            else:
                self.notes[key] = note
        self.notes = dict(sorted(self.notes.items()))
        self.revision += 1

    # ------------------------------------------------------------------ operations

    def add(self, text: str) -> Change:
        """A note more. Its key was never another note's, for the revision only grows."""
        key = f"{self.revision + 1:06d}"
        return Change({key: None}, {key: Note(text)})

    def remove(self, key: str) -> Change:
        """A note less."""
        return Change({key: self.notes[key]}, {key: None})

    def put(self, key: str, note: Note) -> Change:
        """Another text or label."""
        return Change({key: self.notes[key]}, {key: note})

    def accept(self, rows: Sequence[Mapping[str, Any]]) -> Change | None:
        """Takes results back: labels for the notes that have none yet; None where that changes nothing.

        Rows are keyed by their note, the newest counts; what is there already is left alone, so that the same rows
        may come twice. What a person has labelled meanwhile stays.
        """
        newest = {row["note"]: row["label"] for row in rows}
        before = {key: self.notes[key] for key in newest if key in self.notes and not self.notes[key].label}
        after = {key: Note(note.text, newest[key]) for key, note in before.items()}
        return Change(before, after) if before else None

    # ------------------------------------------------------------------ files

    def copy(self) -> Document:
        """One that later changes leave alone."""
        return Document(dict(self.notes), self.revision)

    def save(self, path: Path) -> None:
        """Writes the document."""
        notes = {key: {"text": note.text, "label": note.label} for key, note in self.notes.items()}
        record = {"revision": self.revision, "notes": notes}
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Document:
        """Reads a document. Raises UserError for what is none."""
        try:
            record = json.loads(path.read_text("utf-8"))
            notes = {key: Note(str(note["text"]), str(note["label"])) for key, note in record["notes"].items()}
            return cls(notes, int(record["revision"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(T("{file} cannot be read as notes.", file=path.name), field="document") from error
