"""What a count keeps of its beginning: how words are cut, dictionary included. A count that goes on has it still."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.api import Context, UserError, domain

from ..tokens.offered import completed, digest
from ..tokens.words import spec

if TYPE_CHECKING:
    from ..params import Count

T = domain("workbench_corpus")
_FILE = "settings.json"


@dataclass(frozen=True)
class Settings:
    """tokenizer, words: specifications that `tokens.cutting.cutter` takes, with all files read. detailed, keeps: see
    `Count`."""

    tokenizer: dict[str, Any]
    words: dict[str, Any]
    detailed: bool
    keeps: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that decides how words are cut, the tokenizer's present version included."""
        return digest([completed(self.tokenizer), self.words])


def settled(params: Count, context: Context, folder: Path) -> Settings:
    """The first time what the parameters and the files that they name say; later what was kept of that.

    Raises UserError where it is lost, and where the tokenizer is not the same any more.
    """
    if not (folder / _FILE).exists():
        tokenizer = context.chosen(params.tokenizer).spec
        _keep(folder, Settings(tokenizer, spec(params.words), params.detailed, params.keeps))
    settings, before = _load(folder)
    if settings.fingerprint != before:
        text = T("This count began with another version of its tokenizer.")
        raise UserError(text, remedy=T("Start a new count."), field="tokenizer")
    return settings


def load(folder: Path) -> Settings:
    """What the count began with. Raises UserError where that is lost."""
    return _load(folder)[0]


def _load(folder: Path) -> tuple[Settings, str]:
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
        return Settings(**found["settings"]), found["fingerprint"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        text = T("What this count began with cannot be read: {why}.", why=error)
        raise UserError(text, remedy=T("Start a new count.")) from error


def _keep(folder: Path, settings: Settings) -> None:
    """Whole or not at all."""
    temporary = folder / f".{_FILE}"
    known = {"settings": asdict(settings), "fingerprint": settings.fingerprint}
    temporary.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    temporary.replace(folder / _FILE)
