"""Commands whose words are read without Pydantic, which newer Typers load to read any.

It takes longer to load than a small question to answer. What is plainly a text, a path or a whole
number is read here; everything else, and every complaint, is left to Typer. Older Typers have
nothing to replace, and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer.core


class LightCommand(typer.core.TyperCommand):
    """A command that reads its plain words itself."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, that of `--help` too."""
        return _lightened(super().get_params(ctx))


class LightGroup(typer.core.TyperGroup):
    """The group of all commands, its own options read likewise."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, those of `--help` and of shell completion too."""
        return _lightened(super().get_params(ctx))


def _lightened(params: Sequence[Any]) -> list[Any]:
    for param in params:
        build = getattr(param, "get_runtime_param", None)
        if build and hasattr(param, "type_descriptor") and "get_runtime_param" not in vars(param):
            param.get_runtime_param = _Plain(param.type_descriptor, build).itself
    return list(params)


class _Plain:
    """Reads the words of one parameter, in the place of what `build` makes with Pydantic."""

    def __init__(self, told: Any, build: Any) -> None:
        self._annotation = told.annotation
        self._range = (told.parameter_info.min, told.parameter_info.max)
        self._build = build

    def itself(self) -> _Plain:
        """What Typer asks a parameter for."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of the words; Typer's own reading where they are not plain."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        read = self._read(value)
        return self._build().coerce(value, param=param, ctx=ctx) if read is None else read

    def _read(self, value: Any) -> Any:
        if self._annotation is str and isinstance(value, str):
            return value
        if self._annotation is Path and isinstance(value, str):
            return Path(value)
        if self._annotation == list[str] and isinstance(value, list | tuple):
            return list(value)
        return self._number(value) if self._annotation in (int, float) else None

    def _number(self, value: Any) -> Any:
        """A number within its range; of texts only a whole one is plain."""
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            return None
        number, (least, most) = self._annotation(value), self._range
        inside = (least is None or number >= least) and (most is None or number <= most)
        return number if inside else None
