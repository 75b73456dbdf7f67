// The SPARQL editor: YASGUI on this server's own endpoint, and on no other.

const BEGIN = `PREFIX gt: <https://w3id.org/geoties/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?body ?name ?start WHERE {
  ?tie a gt:Membership ;
    gt:from <https://w3id.org/geoties/state/PER> ;
    gt:to ?body ;
    gt:start ?start .
  ?body rdfs:label ?name .
  FILTER(LANG(?name) = "en")
}
ORDER BY DESC(?start)
LIMIT 20`;

const endpoint = new URL("/sparql", location.href).href;

// Completion asks other servers about prefixes and classes: only what is in the query itself is offered.
Yasgui.Yasqe.defaults.autocompleters = ["variables"];
Yasgui.Yasqe.defaults.value = BEGIN;
Yasgui.Yasr.defaults.prefixes = {
  gt: "https://w3id.org/geoties/ontology#",
  geo: "https://w3id.org/geoties/",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
  dcterms: "http://purl.org/dc/terms/",
};

const yasgui = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint, method: "POST" },
  copyEndpointOnNewTab: true,
  persistenceId: "geoties",
  endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [], renderItem: () => undefined },
});

const saved = document.getElementById("saved");
const asks = document.getElementById("asks");
saved.addEventListener("change", () => {
  const chosen = saved.selectedOptions[0];
  if (!chosen.value) return;
  const tab = yasgui.addTab(true, { name: chosen.dataset.title, yasqe: { value: chosen.dataset.sparql } });
  asks.textContent = `${chosen.dataset.title}: change it as you like, then run it.`;
  tab.query();
});

// The IRIs of the graph lead to their pages here.
const IRIS = "https://w3id.org/geoties/";
for (const kind of ["click", "auxclick"]) {
  document.getElementById("yasgui").addEventListener(kind, (event) => {
    const link = event.target.closest(`a[href^="${IRIS}"]`);
    if (link) link.href = `/${link.getAttribute("href").slice(IRIS.length)}`;
  }, true);
}
