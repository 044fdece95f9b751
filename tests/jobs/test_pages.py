"""Memory in huge pages: what is asked of glibc, and what a process has of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workbench.jobs import pages

_JOINED = """
from pathlib import Path
from workbench.jobs import pages
kept = [str(number) for number in range(400_000)]
joined = pages.join()
(huge,) = [line for line in Path("/proc/self/smaps_rollup").read_text().splitlines() if line.startswith("AnonHuge")]
print(joined, 1024 * int(huge.split()[1]), kept == [str(number) for number in range(400_000)])
"""
_SMAPS = """\
7f0000100000-7f0000a00000 rw-p 00000000 00:00 0 {name}
Size:               9216 kB
Rss:                {used} kB
VmFlags: rd wr mr mw me ac
7f0001000000-7f0002000000 r-xp 00000000 fe:00 123 /data/\udcd0\udcc2\x1c\x85/lib.so
Size:              16384 kB
Rss:               16384 kB
"""


def test_what_a_person_set_for_glibc_comes_last_and_wins() -> None:
    assert pages.environment({"A": "b"}) == {"A": "b", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    own = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}
    assert pages.environment(own)["GLIBC_TUNABLES"] == "glibc.malloc.hugetlb=1:glibc.malloc.hugetlb=0"


def test_regions_are_whole_pages_of_anonymous_memory_that_is_in_use() -> None:
    assert list(pages.regions(_SMAPS.format(name="", used=9000))) == [(0x7F0000200000, 0x7F0000A00000)]
    assert list(pages.regions(_SMAPS.format(name="", used=1000))) == []
    assert list(pages.regions(_SMAPS.format(name="[stack]", used=9000))) == []


@pytest.mark.skipif(not pages.lent(), reason="this system lends no huge pages")
@pytest.mark.parametrize("own", ["glibc.malloc.hugetlb=0", "glibc.malloc.hugetlb=0:glibc.malloc.arena_max=2"])
def test_whoever_told_glibc_not_to_is_heeded(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", pages.environment({"GLIBC_TUNABLES": own})["GLIBC_TUNABLES"])
    assert pages.join() == 0


@pytest.mark.skipif(not pages.lent(), reason="this system lends no huge pages")
def test_memory_is_joined_and_holds_what_it_held() -> None:
    done = subprocess.run([sys.executable, "-c", _JOINED], capture_output=True, text=True, check=True)
    joined, huge, same = done.stdout.split()
    assert int(joined) >= 8 << 20
    assert int(huge) > 0
    assert same == "True"
