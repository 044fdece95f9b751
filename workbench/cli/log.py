"""The program's own log: what nobody at the terminal need read goes into a file among the user's logs."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

_BYTES = 1_000_000


class _Log(RotatingFileHandler):
    """A file that is made when there is something to say; where it cannot be written, nothing is said."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Nothing: a full disk must not fill the terminal too."""


def log_to(folder: Path) -> None:
    """Sends the log of this program to a file in `folder`."""
    handler = _Log(folder / "workbench.log", maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for each in [each for each in root.handlers if isinstance(each, _Log)]:
        root.removeHandler(each)
        each.close()
    root.addHandler(handler)
