"""What tied Peru and China on a day, each tie as a sentence with its source."""

from __future__ import annotations

import geoties

kg = geoties.load()
ties = kg.links("Peru", "China", on="2023-12-31")
for tie in ties.head(8).to_dict("records"):
    print(f"{tie['sentence']} [{tie['source']}]")

# The same graph for SPARQL: which bodies has Peru a seat in?
rows = kg.sparql(
    """SELECT DISTINCT ?label WHERE {
         ?tie a gt:Membership ; gt:from who: ; gt:to ?body . ?body rdfs:label ?label
         FILTER(LANG(?label) = "en") } ORDER BY ?label LIMIT 5""",
    who="Peru",
)
print(rows["label"].to_list())
