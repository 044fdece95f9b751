"""What a person sets of a corpus: where it lies, how it is decoded, what a document is."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from workbench.api import FileOrFolder, Group, P, domain

T = domain("workbench_corpus")


_NO_FILES = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
"""Codecs of Python's for other things than files; some make halves of characters, which nobody can write again."""


def is_encoding(name: str) -> bool:
    """Whether Python can decode files so."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return found._is_text_encoding and found.name not in _NO_FILES


def _known(name: str) -> str:
    if name != "auto" and not is_encoding(name):
        raise ValueError(T("there is no encoding {name}; write auto, utf-8, gb18030, big5, utf-16, …", name=name))
    return name


def _given(path: object) -> object:
    if path == "":  # not the folder in which the program happens to run
        raise ValueError(T("choose a file or a folder."))
    return path


Place = Annotated[Path, FileOrFolder(), BeforeValidator(_given)]
Encoding = Annotated[str, StringConstraints(pattern=r"^[\w.:-]+$"), AfterValidator(_known)]


class Override(Group):
    """Files that are decoded in another way than the rest."""

    files: str = P("*.txt", "Files", help="A pattern for the name or the whole path: old/*.txt.", min_length=1)
    encoding: Encoding = P("gb18030", "Encoding")


class Limits(Group):
    """Where reading stops: against archives made to fill a disk, and documents that fill the memory."""

    ratio: int = P(250, "Unpacked to packed", help="Text seldom shrinks more than tenfold.", ge=1)
    unpacked: float = P(20.0, "Unpacked", help="Of one archive, with all that it holds.", unit="GB", gt=0)
    whole: int = P(256, "Document", help="Of a docx, pdf, html, epub or json, read as a whole.", unit="MB", ge=1)


class Input(Group):
    """Texts to read: .txt, .jsonl, .json, .csv, .tsv, .parquet, .docx, .pdf, .html, .epub, in .zip, .gz, .bz2, .xz."""

    paths: tuple[Place, ...] = P((), "Files and folders", help="Patterns too: news/**/*.txt.")
    documents: Literal["file", "line", "paragraph"] = P(
        "file", "A document is", help="In plain text. Of jsonl, csv and parquet each row is one."
    )
    column: str = P("", "Column of the text", help="None: text, content, or the one with the longest texts.")
    meta: tuple[str, ...] = P((), "Columns kept", help="Such as author and year, to count by.")
    encoding: Encoding = P("auto", "Encoding", help="auto looks at each file: UTF-8, GB18030, Big5, UTF-16.")
    encodings: tuple[Override, ...] = P((), "Other encodings", help="The first that fits a file counts.", advanced=True)
    portion: float = P(1.0, "Text in a task", unit="MB", ge=0.001, le=64, advanced=True)
    limits: Limits = P({}, "Limits", advanced=True)
