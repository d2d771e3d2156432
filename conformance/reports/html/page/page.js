// Filters the page. Without this script all of it is there, and opens and closes all the same.

/** The words of an element, in a form in which they are found. */
function wordsOf(element) {
  return element.textContent.toLowerCase();
}

/** Lets the controls of one server filter its clauses. */
function control(target) {
  const controls = target.querySelector(".controls");
  if (controls === null) return;
  const search = controls.querySelector("input");
  const told = controls.querySelector("output");
  const toggles = [...controls.querySelectorAll("button[aria-pressed]")];
  const clauses = [...target.querySelectorAll(".clause")].map((element) => ({
    element,
    head: wordsOf(element.querySelector("summary")),
    fixtures: [...element.querySelectorAll(".fixture")].map((fixture) => ({
      element: fixture,
      text: wordsOf(fixture),
    })),
  }));

  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, pressed) => button.setAttribute("aria-pressed", String(pressed));

  /** Whether the pressed buttons of a kind allow a value; where none is pressed, all do. */
  function allows(kind, value) {
    const values = toggles.filter((button) => kind in button.dataset && isPressed(button)).map(({ dataset }) =>
      dataset[kind]
    );
    return values.length === 0 || values.includes(value);
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const holds = (text) => words.every((word) => text.includes(word));
    for (const { element, head, fixtures } of clauses) {
      const isNamed = holds(head);
      for (const fixture of fixtures) fixture.element.hidden = !isNamed && !holds(fixture.text);
      const isFound = isNamed || fixtures.some((fixture) => !fixture.element.hidden);
      element.hidden = !isFound || !allows("group", element.dataset.group) || !allows("level", element.dataset.level);
    }
    const shown = clauses.filter(({ element }) => !element.hidden).length;
    told.value = shown === clauses.length ? `${shown} clauses` : `${shown} of ${clauses.length} clauses`;
  }

  /** A clause that is opened shows its fixtures, as they are; one that is closed closes them. */
  function setAll(open) {
    for (const { element, fixtures } of clauses) {
      if (element.hidden) continue;
      element.open = open;
      for (const fixture of fixtures) fixture.element.open &&= open;
    }
  }

  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("click", ({ target: clicked }) => {
    if (clicked.dataset.all !== undefined) return setAll(clicked.dataset.all === "open");
    if (!toggles.includes(clicked)) return;
    press(clicked, !isPressed(clicked));
    filter();
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    search.value = "";
    for (const button of toggles) press(button, false);
    filter();
  });
  filter();
}

/** Opens what the address points to, with all around it. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let around = target?.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
    // Whatever is searched for, who follows a link wants to see where it goes.
    around.hidden = false;
  }
  target?.scrollIntoView();
}

for (const target of document.querySelectorAll(".target")) control(target);
addEventListener("hashchange", reveal);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || document.activeElement?.localName === "input") return;
  event.preventDefault();
  document.querySelector(".controls input")?.focus();
});
reveal();
