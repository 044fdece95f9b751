"""What a person says of a run: a name, a star, tags, a note.

It lies in a small file of its own in the run's folder: the run's record has one writer, who may be a job that runs for
days, while anybody may write here at any time. Each change is on the disk, whole, before it counts as made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from workbench.errors import UserError
from workbench.runs.lock import unwritable
from workbench.runs.schema import is_unicode
from workbench.texts import T

FILE = "labels.json"
LONGEST_TITLE, LONGEST_TAG, LONGEST_NOTE = 200, 60, 100_000
"""Characters."""
_PATIENCE = 5.0


@dataclass(frozen=True)
class Labels:
    """title: a name to show beside the id. tags: in the order in which they were given."""

    title: str = ""
    star: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


EMPTY = Labels()


def read(folder: Path) -> Labels:
    """What was said of the run in this folder. Raises UserError for a file that cannot be read."""
    path = folder / FILE
    try:
        return parse(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return EMPTY
    except (OSError, ValueError, RecursionError) as error:
        text = T("What was noted of run {run} cannot be read: {why}.", run=folder.name, why=error)
        raise UserError(text, remedy=T("Mend or delete {path}.", path=path)) from error


def parse(found: Any) -> Labels:
    """Labels from their JSON. Raises ValueError for what are none."""
    values = {name: found.get(name, default) for name, default in asdict(EMPTY).items()} if _is(found, dict) else {}
    tags: Any = values.get("tags")
    if not (_is(values.get("title"), str) and _is(values.get("note"), str) and _is(values.get("star"), bool)):
        raise ValueError("title, star or note is of another type")
    if not _is(tags, list, tuple) or not all(_is(each, str) for each in tags):
        raise ValueError("tags are no list of texts")
    if not all(map(is_unicode, [values["title"], values["note"], *values["tags"]])):
        raise ValueError("title, tags or note are not Unicode")
    return _tidy(Labels(**values))


def change(folder: Path, how: Callable[[Labels], Labels]) -> Labels:
    """Changes what is said of a run, and returns it. Raises UserError where that cannot be written, or is too long."""
    if not folder.is_dir():  # the lock would make it
        raise UserError(T("Run {run} is not there any more.", run=folder.name))
    try:
        with FileLock(folder / f"{FILE}.lock", timeout=_PATIENCE, thread_local=False):
            before = read(folder)
            after = _checked(folder, _tidy(how(before)))
            if after != before:
                _write(folder / FILE, json.dumps(asdict(after), ensure_ascii=False, indent=1))
            return after
    except Timeout:
        text = T("What is noted of run {run} is being written by another program.", run=folder.name)
        raise UserError(text, remedy=T("Try again.")) from None
    except OSError as error:
        raise unwritable(folder, error) from error


def split_tags(text: str) -> list[str]:
    """Tags as they are typed: separated by commas."""
    return [tag for each in text.replace("，", ",").split(",") if (tag := " ".join(each.split()))]


def with_tags(labels: Labels, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Labels:
    """The labels with some tags more and some fewer; of one tag in two spellings the first stays."""
    gone = {each.casefold() for each in remove}
    kept = {each.casefold(): each for each in reversed([*labels.tags, *add])}
    order = dict.fromkeys(each.casefold() for each in [*labels.tags, *add])
    return Labels(labels.title, labels.star, tuple(kept[key] for key in order if key not in gone), labels.note)


def _is(found: Any, *types: type) -> bool:
    return isinstance(found, types)


def _tidy(labels: Labels) -> Labels:
    tags = with_tags(EMPTY, [tag for each in labels.tags for tag in split_tags(each)]).tags
    return Labels(" ".join(labels.title.split()), labels.star, tags, labels.note)


def _checked(folder: Path, labels: Labels) -> Labels:
    limits = [(labels.title, LONGEST_TITLE), (labels.note, LONGEST_NOTE), *((tag, LONGEST_TAG) for tag in labels.tags)]
    for text, most in limits:
        if not is_unicode(text):
            said = T("“{text}” is no text in UTF-8.", text=text[:20])
            raise UserError(said, remedy=T("Type it anew; run {run} is as it was.", run=folder.name))
        if len(text) > most:
            said = T("“{text}…” is too long: {most} characters are allowed.", text=text[:20], most=most)
            raise UserError(said, remedy=T("Shorten it; run {run} is as it was.", run=folder.name))
    return labels


def _write(path: Path, text: str) -> None:
    """Synced under another name first: after a crash the old text is there or the new one."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
