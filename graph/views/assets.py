"""What a page carries with it: our scripts as one module, our styles, and vis-network.

Our modules are plain ES modules that a browser or a type checker reads as they are. To ride in
one file they are joined in the order of their imports, with the import lines left out; so no two
may declare the same name at the top.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
ENTRY = "main.js"
LANGUAGES = ("en", "es", "pt", "zh")
VIS = "lib/vis-9.1.2/vis-network.min.js"

_IMPORT = re.compile(r'^import\s[^;]*?from\s+"\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)


@lru_cache(maxsize=8)
def script(entry: str = ENTRY) -> str:
    """A module of ours and those that it needs as one, in the order in which they need each other.

    >>> script("dates.js").startswith("// Whether a tie is in force")
    True
    """
    order: list[str] = []
    _visit(entry, order)
    return "\n".join(_bare((STATIC / name).read_text(encoding="utf-8")) for name in order)


def _visit(name: str, order: list[str]) -> None:
    if name in order:
        return
    for needed in _IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
        _visit(needed, order)
    if name not in order:
        order.append(name)


def _bare(source: str) -> str:
    """A module without imports and exports; its comments stay: the page is meant to be read.

    >>> _bare('import { a } from "./a.js";\\nexport const b = a;\\n')
    'const b = a;\\n'
    """
    return _EXPORT_LIST.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))


@lru_cache(maxsize=1)
def styles() -> str:
    """The style sheet."""
    return (STATIC / "page.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def strings() -> Mapping[str, Mapping[str, str]]:
    """The words of the page, per language."""
    return {
        language: json.loads(path.read_text(encoding="utf-8"))
        for language in LANGUAGES
        if (path := STATIC / f"strings.{language}.json").exists()
    }


@lru_cache(maxsize=1)
def vis_network() -> str:
    """vis-network as pyvis bundles it, its licence at the top; without the map of its source,
    which a browser would ask for."""
    text = resources.files("pyvis").joinpath(VIS).read_text(encoding="utf-8")
    return re.sub(r"\n?//# sourceMappingURL=.*\s*$", "\n", text)


def packed(payload: Mapping[str, Any]) -> str:
    """A payload as the page carries it: canonical JSON, deflated, in base64.

    >>> import zlib, base64
    >>> zlib.decompress(base64.b64decode(packed({"a": "é"})), -15).decode()
    '{"a":"é"}'
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeeze.compress(text.encode()) + squeeze.flush()).decode()


def digest(text: str) -> str:
    """The hash by which a content security policy knows an inline script or style.

    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    raw = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(raw).decode()}'"


def policy(scripts: list[str], sheets: list[str], served: bool) -> str:
    """The page's content security policy: its own scripts and styles and nothing else."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(digest, scripts)),
        "style-src": " ".join(map(digest, sheets)),
        "img-src": "data: blob:",
        "connect-src": "'self'" if served else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
