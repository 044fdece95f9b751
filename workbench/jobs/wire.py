"""The pipe between supervisor and worker: framed bytes on an inherited pipe, nothing pickled.

Worker to supervisor: encoded events, several in one message, each after its length. Supervisor to worker: control
messages, JSON objects with a key "do".
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

Message = Mapping[str, Any]
_SIZE = struct.Struct("<Q")


def pair() -> tuple[Connection[Any, Any], Connection[Any, Any]]:
    """Both ends of a duplex pipe: (ours, the child's)."""
    return Pipe(duplex=True)


def inheritance(end: Connection[Any, Any]) -> dict[str, Any]:
    """The arguments of `subprocess.Popen` with which a child inherits `end`, and nothing else."""
    if sys.platform == "win32":
        os.set_handle_inheritable(end.fileno(), True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [end.fileno()]})
        return {"startupinfo": startup, "close_fds": True}
    return {"pass_fds": [end.fileno()]}


def adopt(number: int) -> Connection[Any, Any]:
    """In the child: the inherited end, by the number that was passed on the command line."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection  # noqa: PLC0415 - exists on Windows only

        return PipeConnection(number)
    return Connection(number)


def send(end: Connection[Any, Any], message: Message) -> None:
    """Sends a control message. Raises OSError when the other side is gone."""
    end.send_bytes(json.dumps(message).encode())


def receive(end: Connection[Any, Any]) -> dict[str, Any]:
    """The next control message. Raises EOFError or OSError when the other side is gone."""
    message: dict[str, Any] = json.loads(end.recv_bytes())
    return message


def roomy(end: Connection[Any, Any]) -> bool:
    """Whether 128 KiB can be sent without waiting for the reader. Told on Linux only: there a socket is ready while at
    least three quarters of its buffer, 208 KiB, are free."""
    return sys.platform == "linux" and bool(select.select((), (end,), (), 0)[1])


def joined(events: Iterable[bytes]) -> bytes:
    """Encoded events as one message: each write and each read costs both sides a turn of the interpreter lock."""
    return b"".join(part for event in events for part in (_SIZE.pack(len(event)), event))


def parted(message: bytes) -> Iterator[memoryview]:
    """The reverse of `joined`. Raises ValueError for a damaged message."""
    view, at = memoryview(message), 0
    while at < len(view):
        try:
            (size,) = _SIZE.unpack_from(view, at)
        except struct.error as error:
            raise ValueError(f"damaged message: {error}") from error
        at += _SIZE.size
        yield view[at : at + size]
        at += size
