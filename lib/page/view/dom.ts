/**
 * Elements, made and found. What others say gets into the document by way of text nodes alone.
 *
 * @module
 */

/** What an element can hold; nothing where it is `undefined`. */
export type Child = Node | string | undefined;

/** Makes an element. Attributes that are `undefined` are left out. */
export function makeElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Finds an element of the page that is always there. */
export function find<Kind extends HTMLElement>(id: string, kind: { new (): Kind; readonly name: string }): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`there is no ${kind.name} #${id}`);
  return found;
}

/** Sets a text if it is another one, so that nobody is told of it twice. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute, or with `undefined` removes it. */
export function setAttribute(node: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
