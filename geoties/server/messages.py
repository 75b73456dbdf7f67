"""How a server and its worker talk: a head in JSON and a body of bytes, each with its length.

Nothing that comes from a worker is ever executed or unpickled.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

Head = dict[str, Any]
_LENGTHS = struct.Struct(">II")


def send(stream: BinaryIO, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one message.

    >>> import io
    >>> pipe = io.BytesIO()
    >>> send(pipe, {"do": "rows"}, b"ASK {}")
    >>> _ = pipe.seek(0)
    >>> receive(pipe)
    ({'do': 'rows'}, b'ASK {}')
    """
    text = json.dumps(head).encode()
    stream.write(_LENGTHS.pack(len(text), len(body)) + text)
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Head, bytes]:
    """Read one message; raises `EOFError` when the other side is gone."""
    head, body = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    found: Head = json.loads(_exactly(stream, head))
    return found, _exactly(stream, body)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise EOFError("the other side of the pipe is gone")
    return data
