"""When all is counted: the table, and what only all words together can tell."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from workbench.api import Context, domain

from ..artifacts import TokenIndex, load_tokens
from ..params import Count
from ..reading.params import Input
from ..reading.walk import absolute
from ..tokens.cutting import cutter
from ..tokens.offered import adds
from . import show, spread
from .books import Books
from .database import Database
from .grams import Grams
from .kept import Settings
from .ranking import Ranking
from .second import Merged, Ranked, Writer, open_documents
from .vocabulary import Vocabulary

T = domain("workbench_corpus")


class Counted(Protocol):
    """What has been counted."""

    vocabulary: Vocabulary
    books: Books
    merged: list[Merged]
    clock: show.Clock
    show: show.Show


class Finish:
    """Makes the tables of a count out of its parts."""

    def __init__(
        self, params: Count, context: Context, settings: Settings, folder: Path, db: Database, counted: Counted
    ) -> None:
        self._params, self._context, self._settings = params, context, settings
        self._folder, self._db, self._counted = folder, db, counted
        self._say(T("Merging the words"))
        self._ranking = Ranking(db, counted.vocabulary.finish(), folder)
        self._ranked = Ranked(self._ranking, counted.merged, context.sync)

    def show(self) -> None:
        """Reports everything; the words last, for the rest is looked up beside them."""
        columns = self._documents() if self._settings.detailed else {}
        if self._settings.keeps:
            columns |= self._indexed()
        self._tables()
        self._pictures()
        path = self._context.dir / "words.parquet"
        self._ranking.write(path, self._counted.vocabulary.tokens, columns)
        self._context.table("words", path)
        self._warn()

    def _documents(self) -> dict[str, NDArray[Any]]:
        self._say(T("Counting documents"))
        pieces = open_documents(self._ranked, len(self._ranking.column("count")))
        return {"documents": (self._ranking.column("documents") + pieces)[: self._ranking.types]}

    def _indexed(self) -> dict[str, NDArray[Any]]:
        """Writes the index and what is looked up in it: dispersion by word, and runs of words."""
        folder = self._folder / "index"
        self._say(T("Writing every token"))
        writer = Writer(folder, self._db)
        for part, ranks in self._ranked:
            writer.add(part, ranks)
        settings = self._settings
        read = self._params.model_dump(mode="json", include=set(Input.model_fields) - {"portion"})
        about = {"tokenizer": settings.tokenizer, "words": settings.words, "fingerprint": settings.fingerprint}
        about["input"] = {**read, "paths": [*map(absolute, self._params.paths)]}
        bare = cutter(settings.tokenizer, settings.words).bare if adds(settings.tokenizer) else None
        writer.finish(self._ranking, about, bare)
        columns = self._dispersion(load_tokens(folder))
        self._grams(folder)
        if self._params.index:
            self._context.artifact("tokens", "index/tokens", lambda path: shutil.move(folder, path))
        return columns

    def _dispersion(self, index: TokenIndex) -> dict[str, NDArray[Any]]:
        if self._params.dispersion == "none":
            return {}
        self._say(T("Looking how evenly words are spread"))
        whole = self._params.dispersion == "slices"
        borders = spread.slices(len(index.ids), self._params.slices) if whole else spread.by_file(index)
        found = spread.spread(index, borders, self._context.sync)
        return {name: column[: self._ranking.types] for name, column in found.items()}

    def _grams(self, folder: Path) -> None:
        if self._params.ngrams < 2:
            return
        self._say(T("Counting words in a row"))
        path = self._context.dir / "ngrams.parquet"
        Grams(self._db, load_tokens(folder), folder, self._params.ngrams).write(path, self._params.ngrams_least)
        self._context.table("ngrams", path)

    def _tables(self) -> None:
        files, groups = self._context.dir / "files.parquet", self._context.dir / "groups.parquet"
        self._told = self._counted.books.write_files(files)
        self._context.table("files", files)
        if self._settings.detailed:
            self._counted.books.write_groups(groups)
            self._context.table("groups", groups)

    def _pictures(self) -> None:
        shown, types = self._counted.show, self._ranking.types
        shown.failed = self._told.failed
        counts = self._ranking.column("count")[:types]
        show.zipf(self._context, counts)
        shown.end(types)
        self._context.scalars(
            tokens=self._counted.vocabulary.tokens, types=types, documents=shown.documents,
            megabytes=shown.megabytes, failed_files=self._told.failed,
        )  # fmt: skip

    def _warn(self) -> None:
        told = self._told
        if told.failed:
            text = T(
                "The only file could not be read." if told.files == 1 else "{n} of {m} files could not be read.",
                n=f"{told.failed:,}",
                m=f"{told.files:,}",
            )
            self._context.notice(text, T("The table of files says why."))
        if told.undecodable:
            text = T(
                "Bytes that are not {encoding}: {n}; files with such bytes: {m}.",
                n=f"{told.undecodable:,}",
                m=f"{told.damaged:,}",
                encoding=told.encodings,
            )
            self._context.notice(text, T("Is it another encoding? The table of files names them."))

    def _say(self, text: str) -> None:
        self._context.sync()
        self._context.progress(self._counted.clock.done, self._counted.clock.done, text)
