"""Put the ontology's files in order after an edit, and make anew what derives from them.

``python -m geoties.ontology docs/ontology.md`` rewrites geoties.ttl and mappings.ttl in canonical
order, then shapes.ttl and the reference page from what geoties.ttl declares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from geoties.ontology import canonical, reference, shapes


def main(arguments: list[str]) -> None:
    """Rewrite the files; the reference goes to the path given, if one is."""
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__)
        return
    canonical.rewrite(Path(__file__).parent)
    shapes.FILE.write_text(shapes.shapes(), encoding="utf-8")
    if arguments:
        Path(arguments[0]).write_text(reference.reference(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
