// Sorts and filters the table of a course. Without this script all of it is there.

const controls = document.querySelector(".controls");
const search = controls.querySelector("input");
const told = controls.querySelector("output");
const body = document.querySelector(".marks tbody");
const rows = [...body.rows].map((element, i) => ({ element, place: i, text: element.textContent.toLowerCase() }));
const toggles = [...document.querySelectorAll("button[aria-pressed]")];
const compare = new Intl.Collator("en", { numeric: true }).compare;

const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

/** Whether a row is one of those that a pressed button stands for. */
function isOf(row, { dataset: { cluster, filter } }) {
  const { clusters, state, hand } = row.element.dataset;
  if (cluster !== undefined) return clusters.split(" ").includes(cluster);
  return filter === "hand" ? hand !== undefined : state === filter;
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const pressed = toggles.filter(isPressed);
  for (const row of rows) {
    const isFound = words.every((word) => row.text.includes(word));
    row.element.hidden = !isFound || !pressed.every((button) => isOf(row, button));
  }
  const shown = rows.filter(({ element }) => !element.hidden).length;
  told.value = shown === rows.length ? `${shown} submissions` : `${shown} of ${rows.length} submissions`;
}

function press(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
}

/** Sorts by a column: numbers begin with the best, names with the first; once more, and it is the other way round. */
function sort(head, column) {
  const cellOf = ({ element }) => element.cells[column];
  const isNumber = cellOf(rows[0])?.dataset.v !== undefined;
  const before = head.getAttribute("aria-sort");
  const isAscending = before === null ? !isNumber : before !== "ascending";
  for (const other of document.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
  const difference = isNumber
    ? (a, b) => Number(cellOf(a).dataset.v) - Number(cellOf(b).dataset.v)
    : (a, b) => compare(cellOf(a).textContent, cellOf(b).textContent);
  const sign = isAscending ? 1 : -1;
  const sorted = rows.toSorted((a, b) => sign * difference(a, b) || a.place - b.place);
  body.append(...sorted.map(({ element }) => element));
}

controls.hidden = false;
search.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("reset", (event) => {
  event.preventDefault();
  search.value = "";
  for (const button of toggles) press(button, false);
  filter();
});
for (const button of toggles) {
  button.addEventListener("click", () => {
    const isOn = !isPressed(button);
    // One fault at a time, and one state.
    const kind = "cluster" in button.dataset ? "cluster" : "filter";
    for (const other of toggles) if (kind in other.dataset) press(other, false);
    press(button, isOn);
    filter();
  });
}
for (const button of document.querySelectorAll("[data-column]")) {
  button.addEventListener("click", () => sort(button.closest("th"), Number(button.dataset.column)));
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.activeElement === search) {
    search.value = "";
    filter();
  }
  if (event.key !== "/" || document.activeElement?.localName === "input") return;
  event.preventDefault();
  search.focus();
});
filter();
