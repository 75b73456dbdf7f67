"""The command line: `geoties`."""

from __future__ import annotations

import os
import sys

from geoties.graph.model import UserError


def main() -> None:
    """Run the command line; a user's mistake is one sentence on stderr and exit code 2."""
    from geoties.cli.app import app

    _speak_utf8()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except UserError as problem:
        _stop(f"geoties: {problem}", 2)
    except KeyboardInterrupt:
        _stop("", 130)
    except BrokenPipeError:
        _close_quietly()
        sys.exit(0)
    except OSError as problem:
        _stop(f"geoties: {problem.filename or ''}: {problem.strerror or problem}".strip(), 2)
    except Exception as problem:
        _stop_for_usage(problem)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _stop_for_usage(problem: Exception) -> None:
    """Typer's own complaints about the words of a command; anything else is our fault.

    They are told by what they offer, for typer carries its own copy of click's classes.
    """
    if type(problem).__name__ == "Abort":
        _stop("", 130)
    told = getattr(problem, "format_message", None)
    if told is None:
        raise problem
    where = getattr(getattr(problem, "ctx", None), "command_path", "geoties")
    _stop(f"{where}: {told()} See `{where} --help`.", 2)


def _stop(message: str, code: int) -> None:
    if message:
        print(message, file=sys.stderr)
    sys.exit(code)


def _speak_utf8() -> None:
    """Names are in many scripts; what a narrow terminal cannot show is replaced, never fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = (stream.encoding or "").lower().replace("-", "")
            stream.reconfigure(errors="replace" if encoding != "utf8" else stream.errors)


def _close_quietly() -> None:
    """The reader of the pipe is gone: nothing more can be said, and that is no fault."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
