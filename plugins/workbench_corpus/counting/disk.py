"""What a count leaves on the disk while it runs; where that is full, it ends with a sentence, and can go on later."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from safetensors import SafetensorError

from workbench.api import UserError, domain

T = domain("workbench_corpus")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OTHERWISE = T("See to it that the folder of the run can be written, then resume it: it goes on where it ended.")


@contextmanager
def written() -> Iterator[None]:
    """Makes a UserError of what goes wrong with writing."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or error
        text = T("What has been counted cannot be written: {why}.", why=why)
        full = getattr(error, "errno", None) in _FULL or isinstance(error, SafetensorError)
        remedy = T("Make room on the disk, then resume the run: it goes on where it ended.") if full else _OTHERWISE
        raise UserError(text, remedy) from error
