"""What a file's name says: its format, how it is packed, and which reader reads it."""

from __future__ import annotations

from pathlib import PurePath

_FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".docx": "docx",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "html",
    ".epub": "epub",
    ".rtf": "rtf",
    ".doc": "doc",
    ".tar": "tar",
}
_PACKINGS = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zip": "zip"}
READERS = {
    "text": ".texts:read",
    "jsonl": ".rows:jsonl",
    "json": ".rows:json_file",
    "csv": ".rows:csv_file",
    "parquet": ".tables:parquet",
    "docx": ".word:docx",
    "pdf": ".pages:pdf",
    "html": ".markup:html",
    "epub": ".markup:epub",
}
"""By format, the function `(Source) -> Iterator[Document]`; its module is imported when a file of the kind comes.
Others are written in characters, but not to be read as such.
"""
STREAMED = ("text", "jsonl", "csv")
"""Formats that may be cut; the others are read as a whole (parquet by its own rows)."""


def format_of(name: str) -> tuple[str, str]:
    """(format, packing) by the name's suffixes: x.jsonl.gz is ("jsonl", "gz"); what is unknown is taken for text."""
    path = PurePath(name.lower())
    packing = _PACKINGS.get(path.suffix, "")
    if packing and packing != "zip":
        path = PurePath(path.stem)
    return _FORMATS.get(path.suffix, "text"), packing
