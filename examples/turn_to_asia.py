"""How China's share of Latin American exports grew, and who stands between the two poles."""

from __future__ import annotations

import geoties

kg = geoties.load()
shares = kg.measure(
    "export-share", of="ARG,BRA,CHL,COL,MEX,PER", with_="CHN", years="2000,2010,2023"
)
print(shares.pivot(index="of", columns="year", values="value").round(3).to_string())
