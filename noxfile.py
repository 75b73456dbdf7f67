"""The checks as sessions: `nox` runs all but bench; `nox -s tests` one.

`.ci/run` does the same on a bare machine, from the README's commands on.
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "tests", "docs"]


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting, layers."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict on code and tests."""
    session.install("-e", ".[dev]")
    session.run("mypy")
    session.run("mypy", "tests")


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """The fast tests, with coverage of at least 90 % of lines and 80 % of branches."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", "--cov", "--cov-report=json", *session.posargs)
    session.run("python", "tests/enough_coverage.py", "coverage.json")


@nox.session(python="3.11", venv_backend="uv")
def oldest(session: nox.Session) -> None:
    """The fast tests with the oldest versions that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documents in step with the code, and the site without a warning."""
    session.install("-e", ".[dev,docs]")
    session.run("python", "docs/generate.py", "--check")
    session.run("mkdocs", "build", "--strict", "--site-dir", session.create_tmp() + "/site")


@nox.session
def bench(session: nox.Session) -> None:
    """All benchmarks; give `-- --json FILE` to keep the numbers."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "benchmarks", *session.posargs)
