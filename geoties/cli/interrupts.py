"""Ctrl-C ends the command, even while it is inside the query engine."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

_GRACE_SECONDS = 1.0


def end_when_interrupted() -> None:
    """Let Ctrl-C raise `KeyboardInterrupt`, or end the process where Python cannot raise it.

    The engine does not look for signals: a long query would go on until it is done. So a thread
    is told of the signal too, and ends the process when the main thread does not hear of it.
    """
    if os.name == "nt" or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return
    heard = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        heard.set()
        raise KeyboardInterrupt

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGINT, interrupt)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading, heard), daemon=True).start()


def _watch(reading: int, heard: threading.Event) -> None:
    while signal.SIGINT not in os.read(reading, 64):
        pass
    if not heard.wait(_GRACE_SECONDS):
        os._exit(130)
