"""A corpus read as a count reads it: planned, its tasks sent as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from workbench_corpus.reading.documents import documents
from workbench_corpus.reading.params import Input
from workbench_corpus.reading.plan import plan
from workbench_corpus.reading.records import Document, Entry


class Got(NamedTuple):
    """What was read: all pieces, the table of files by name, and how many tasks there were."""

    pieces: list[Document]
    files: dict[str, Entry]
    tasks: int

    @property
    def texts(self) -> list[str]:
        """The documents' texts, put together of their pieces, in order."""
        whole: dict[tuple[str, int], str] = {}
        for each in self.pieces:
            whole[each.file, each.number] = whole.get((each.file, each.number), "") + each.text
        return list(whole.values())

    def said(self, name: str) -> str:
        """All that is wrong with the one file whose name ends so."""
        (entry,) = (each for file, each in self.files.items() if file.endswith(name))
        return " ".join(entry.troubles)


def read(*paths: Path, **values: object) -> Got:
    """Everything under the paths; values: more of `Input`."""
    planned = plan(Input(paths=paths, **values))
    files = {each.file: each for each in planned.refused}
    pieces: list[Document] = []
    for task in planned.tasks:
        reading = documents(json.loads(json.dumps(task)))
        pieces += reading
        for each in reading.files:
            files.setdefault(each.file, Entry(each.file)).add(each)
    return Got(pieces, files, len(planned.tasks))
