"""A worker's memory in huge pages, where Linux lends them.

A training loop touches a little of much memory; with fewer pages to look up it takes some percent less time, more
than all that a job reports costs it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

_SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_REGIONS = Path("/proc/self/smaps")
_TUNABLES, _HUGE = "GLIBC_TUNABLES", "glibc.malloc.hugetlb"
_MADV_HUGEPAGE, _MADV_COLLAPSE = 14, 25
_PAGE = 2 << 20
_LARGEST = 256 << 20
"""Bytes of a region beyond which joining its pages would be waited for."""
_FULL = 0.75
"""The part of a region that must be in use: the rest of a huge page is memory that nobody asked for."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """`given` for a program whose own allocations shall lie in huge pages. What a person has set for glibc wins."""
    return {**given, _TUNABLES: ":".join(filter(None, [f"{_HUGE}=1", given.get(_TUNABLES, "")]))}


def join() -> int:
    """Joins what this process has allocated so far, Python's objects above all; the bytes that lie in such regions.

    Older kernels (before 6.1) only note the wish and join in their own time; elsewhere than on Linux, and where a
    person has told glibc not to (hugetlb=0), nothing happens.
    """
    if sys.platform != "linux" or not lent() or _declined(os.environ.get(_TUNABLES, "")):
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    joined = 0
    for start, end in regions(_REGIONS.read_text("utf-8", "surrogateescape")):
        for wish in (_MADV_HUGEPAGE, _MADV_COLLAPSE):
            madvise(start, end - start, wish)
        joined += end - start
    return joined


def _declined(tunables: str) -> bool:
    """Of a setting that comes twice glibc takes the last."""
    return dict(each.partition("=")[::2] for each in tunables.split(":")).get(_HUGE) == "0"


def lent() -> bool:
    """Whether this system has huge pages for those who ask, and tells what memory there is."""
    there = os.access(_SETTING, os.R_OK) and os.access(_REGIONS, os.R_OK)
    return there and "[never]" not in _SETTING.read_text("utf-8")


def regions(smaps: str) -> Iterator[tuple[int, int]]:
    """The whole huge pages of anonymous private memory that is in use."""
    lines = [line.split() for line in smaps.split("\n") if line]
    heads = [at for at, line in enumerate(lines) if "-" in line[0]]
    for head, following in pairwise([*heads, len(lines)]):
        place, access, _, _, inode, *name = lines[head]
        used = next(1024 * int(line[1]) for line in lines[head:following] if line[0] == "Rss:")
        begin, end = (int(each, 16) for each in place.split("-"))
        if access.startswith("rw-p") and inode == "0" and not name and _FULL * (end - begin) < used < _LARGEST:
            first, last = -(-begin // _PAGE) * _PAGE, end // _PAGE * _PAGE
            if first < last:
                yield first, last
