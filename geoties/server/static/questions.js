// The forms of the questions page: asked in place, shown as a table. Without scripts they lead to
// the JSON itself.

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}

const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  let left = 0;
  for (const question of document.querySelectorAll(".question")) {
    const text = question.textContent.toLowerCase();
    question.hidden = !words.every((word) => text.includes(word));
    left += question.hidden ? 0 : 1;
  }
  document.getElementById("left").textContent = filter.value ? `${left} found` : "";
});

if (location.hash) document.getElementById(location.hash.slice(1))?.setAttribute("open", "");

/** Ask the question of a form and show what comes back below it. @param {HTMLFormElement} form */
async function ask(form) {
  const place = form.parentElement.querySelector(".answer");
  place.replaceChildren(said("p", "Asking …"));
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = `${form.getAttribute("action")}?${new URLSearchParams(given)}`;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    const found = await response.json();
    place.replaceChildren(...(response.ok ? shown(found, address) : [said("p", found.error, "wrong")]));
  } catch (problem) {
    place.replaceChildren(said("p", "The server did not answer.", "wrong"));
  }
}

/** The parts that show an answer. */
function shown(found, address) {
  const link = said("a", "as JSON");
  link.href = address;
  const rows = found.rows ?? found.queries;
  const count = said("p", `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "row" : "rows"}, `);
  count.append(link);
  const parts = [count];
  if (rows.length) parts.push(table(found.columns ?? [{ name: "name" }, { name: "question" }], rows));
  if (found.sources) parts.push(said("p", `Sources: ${found.sources.map((s) => s.title).join("; ")}.`));
  return parts;
}

/** Rows as a table, with the units in its head. */
function table(columns, rows) {
  const made = document.createElement("table");
  made.className = "rows";
  const head = made.createTHead().insertRow();
  for (const column of columns) {
    const cell = said("th", column.name + (column.unit ? ` [${column.unit}]` : ""));
    cell.scope = "col";
    cell.title = column.description ?? "";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows.slice(0, 500)) {
    const line = body.insertRow();
    for (const { name } of columns) line.append(cellOf(row[name], name));
  }
  if (rows.length > 500) made.createCaption().textContent = `The first 500 of ${rows.length}`;
  return made;
}

/** A cell; numbers stand to the right, years without separators. */
function cellOf(value, name) {
  const number = typeof value === "number";
  const text = number && name !== "year" && !/year/.test(name) ? value.toLocaleString("en") : value ?? "";
  return said("td", String(text), number ? "number" : "");
}

/** An element with text alone in it. */
function said(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
