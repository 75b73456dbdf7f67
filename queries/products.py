"""What products are called: short names of the raw materials whose trade the graph has. Light."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

PRODUCTS = Path(__file__).parent.parent / "loaders" / "data" / "products" / "products.csv"


@lru_cache(maxsize=1)
def product_names() -> dict[str, str]:
    """The English names of the products by their code in the Harmonized System."""
    with PRODUCTS.open(encoding="utf-8", newline="") as stream:
        return {row["hs6"]: row["label_en"] for row in csv.DictReader(stream)}


def product_named(code: str) -> str:
    """A product by name and code; any other topic, or a product without a name, as it is.

    >>> product_named("260300"), product_named("Human rights"), product_named("010110")
    ('copper ore (HS 260300)', 'Human rights', 'HS 010110')
    """
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return code
    name = product_names().get(code)
    return f"{name} (HS {code})" if name else f"HS {code}"
