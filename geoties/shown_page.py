"""A page as a notebook shows it, and as a file."""

from __future__ import annotations

from pathlib import Path

from geoties.asked import PathLike
from geoties.graph.model import UserError


class View:
    """A page as HTML text."""

    def __init__(self, html: str) -> None:
        self.html = html

    def save(self, path: PathLike) -> Path:
        """Write the page; the old file stays until the new one is whole."""
        from geoties.graph.files import write_atomically

        target = page_file(path)
        write_atomically(target, self.html)
        return target

    def _repr_html_(self) -> str:
        """The page in a sandboxed frame, as notebooks show it."""
        from html import escape

        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" '
            'style="width:100%;height:720px;border:1px solid #8888" title="geoties"></iframe>'
        )


def page_file(path: PathLike) -> Path:
    """The path of a page; raises `UserError` when its name is not that of one."""
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{str(path)!r} is not the name of a page; end it in .html.")
    return target
