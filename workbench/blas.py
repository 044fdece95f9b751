"""How long the threads of numpy's BLAS stay awake for work that may come."""

from __future__ import annotations

from collections.abc import Mapping

_TIMEOUT = "OPENBLAS_THREAD_TIMEOUT"


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """`given` for a program in which they sleep after 2²⁰ cycles; what a person has set wins.

    By themselves they run for a tenth of a second after numpy was imported, and after each product of matrices, on
    cores that others compute on. Has to be there before numpy is imported.
    """
    return {_TIMEOUT: "20", **given}
