/**
 * The links in what somebody says. Nothing but addresses of the web that say plainly where they lead becomes one.
 *
 * @module
 */

/** The longest address that is a link, in characters: a few more than browsers show. */
const MAX_LINK = 2_048;

/** A piece of a text: a link where it has an address. */
export interface TextPart {
  /** What is read. */
  readonly text: string;
  /** Where it leads. */
  readonly address?: string;
}

/** A backslash ends it: what cannot be seen is spelled with one (`visibleText`). */
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\\|^{}]+/gi;

/**
 * Cuts a text at its links.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(textParts("see https://a.example/b."), [
 *   { text: "see " },
 *   { text: "https://a.example/b", address: "https://a.example/b" },
 *   { text: "." },
 * ]);
 * ```
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    const link = withoutPunctuation(candidate);
    const address = addressOf(link);
    if (address === undefined) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: link, address });
    end = index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Without the punctuation of the sentence that it stands in; a closing bracket is its own if it has the opening one. */
function withoutPunctuation(link: string): string {
  let end = link.length;
  let surplus = count(link, ")") - count(link, "(");
  for (; end > 0; end--) {
    const last = link[end - 1]!;
    if (last === ")" ? surplus-- <= 0 : !PUNCTUATION.includes(last)) break;
  }
  return link.slice(0, end);
}

const PUNCTUATION = ".,;:!?*_~]";

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Where a link leads; `undefined` where it is none, or has a name and a password, which pass for the host. */
function addressOf(link: string): string | undefined {
  if (link.length > MAX_LINK || !URL.canParse(link)) return undefined;
  const { protocol, username, password, href } = new URL(link);
  const isPlain = (protocol === "http:" || protocol === "https:") && username === "" && password === "";
  return isPlain ? href : undefined;
}
