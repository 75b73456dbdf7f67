"""What is said on stderr, in one line each, and how loudly."""

from __future__ import annotations

import os
import sys
from typing import TextIO


class Voice:
    """How much is said on stderr: 0 nothing but errors, 1 as usual, 2 everything."""

    level = 1


def say(message: str, level: int = 1) -> None:
    """Tell the user something on stderr, unless they asked for quiet."""
    if Voice.level < level:
        return
    try:
        print(one_line(message), file=sys.stderr)
    except BrokenPipeError:  # nobody listens; the work goes on
        fall_silent(sys.stderr)


def one_line(message: str) -> str:
    """A message on one line, with what a terminal would obey spelled out.

    >>> print(one_line("no file\\n 'a\\x1b[31m'"))
    no file 'a\\x1b[31m'
    """
    joined = " ".join(message.split())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in joined)


def colour_wanted() -> bool:
    """Whether what goes to a terminal may be coloured (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")


def fall_silent(stream: TextIO) -> None:
    """Let what is still to be written to a closed pipe go nowhere."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, stream.fileno())
