"""What a count leaves on the disk while it runs; where that is full, it ends with a sentence, and can go on later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from safetensors import SafetensorError

from workbench.api import UserError, domain

T = domain("workbench_corpus")


@contextmanager
def written() -> Iterator[None]:
    """Makes a UserError of what goes wrong with writing."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or error
        text = T("What has been counted cannot be written: {why}.", why=why)
        raise UserError(text, T("Make room on the disk, then resume the run: it goes on where it ended.")) from error
