"""The command line: `geoties`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from geoties.graph.model import UserError

if TYPE_CHECKING:
    import typer
    from typer.models import CommandInfo

_CUT_OFF = (
    "Something ended before it was whole: a question that got no answer, a damaged data file, or a "
    "file of the installation (delete the __pycache__ folders or install geoties anew)."
)
_BEFORE_A_COMMAND = ("-q", "-v", "--quiet", "--verbose")


def main() -> None:
    """Run the command line; a user's mistake is one sentence on stderr and exit code 2."""
    try:
        _speak_utf8()
        code = _run()
        sys.stdout.flush()
    except UserError as problem:
        _stop(f"geoties: {problem}", 2)
    except KeyboardInterrupt:
        _stop("", 130)
    except BrokenPipeError:
        _end_quietly()
    except SystemExit as stop:  # Typer and Rich make 1 of a closed pipe
        if isinstance(stop.__context__, BrokenPipeError):
            _end_quietly()
        raise
    except EOFError:  # before Typer runs: a module cut off in its cache
        _stop(f"geoties: {_CUT_OFF}", 1)
    except OSError as problem:
        _stop(f"geoties: {_told_by_system(problem)}", 2)
    except Exception as problem:
        _stop_for_usage(problem)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _run() -> object:
    """The command that the words name; loaded here so that Ctrl-C is quiet from the beginning."""
    from geoties.cli.app import app
    from geoties.cli.interrupts import end_when_interrupted

    end_when_interrupted()
    _keep_only(app, next((word for word in sys.argv[1:] if word not in _BEFORE_A_COMMAND), ""))
    return app(standalone_mode=False, prog_name="geoties")


def _keep_only(app: typer.Typer, name: str) -> None:
    """Forget the other commands when one is named: Typer makes every one that it knows, which
    takes as long as a small question does."""
    named = [c for c in app.registered_commands if c.callback and name == _name(c)]
    app.registered_commands = named or app.registered_commands


def _name(command: CommandInfo) -> str:
    return command.name or getattr(command.callback, "__name__", "").strip("_").replace("_", "-")


def _told_by_system(problem: OSError) -> str:
    told = problem.strerror or str(problem)
    return f"{problem.filename}: {told}." if problem.filename else f"{told}."


def _stop_for_usage(problem: Exception) -> None:
    """Typer's own complaints about the words of a command; anything else is our fault.

    They are told by what they offer, for typer carries its own copy of click's classes.
    """
    if type(problem).__name__ == "Abort":
        _stop_aborted(problem)
    told = getattr(problem, "format_message", None)
    if told is None:
        raise problem
    where = getattr(getattr(problem, "ctx", None), "command_path", "geoties")
    message = told().strip()  # none after a bare `geoties`, which shows its help
    end = "" if message.endswith((".", "?")) else "."
    _stop(f"{where}: {message}{end} See `{where} --help`." if message else "", 2)


def _stop_aborted(problem: Exception) -> NoReturn:
    """Typer takes the end of a file for Ctrl-C; a file that was cut off is no wish to stop."""
    if isinstance(problem.__cause__ or problem.__context__, EOFError):
        _stop(f"geoties: {_CUT_OFF}", 1)
    _stop("", 130)


def _stop(message: str, code: int) -> NoReturn:
    from geoties.cli.voice import one_line

    if message:
        print(one_line(message), file=sys.stderr)
    sys.exit(code)


def _speak_utf8() -> None:
    """Names are in many scripts; what a narrow terminal cannot show is replaced, never fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _end_quietly() -> NoReturn:
    """The reader of the pipe is gone: nothing more can be said, and that is no fault."""
    from geoties.cli.voice import fall_silent

    fall_silent(sys.stdout)
    sys.exit(0)
