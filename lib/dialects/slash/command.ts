/**
 * What a line from a slash client asks for.
 *
 * @module
 */

/** What one line asks for. */
export type Command =
  /** Who is here; what the commands are; goodbye. */
  | { readonly kind: "users" | "help" | "quit" }
  /** A message to one user. */
  | { readonly kind: "dm"; readonly to: string; readonly message: string }
  /** A message to everybody. */
  | { readonly kind: "bm"; readonly message: string }
  /** `/dm` or `/bm` without what belongs to it. */
  | { readonly kind: "usage"; readonly of: "dm" | "bm" }
  /** A command that there is none of. */
  | { readonly kind: "unknown" }
  /** Text without a command. */
  | { readonly kind: "text" }
  /** An empty line. */
  | { readonly kind: "nothing" };

/** The messages may be in quotes; the document's own examples are in typographic ones. */
const QUOTED = /^(?:"([^]*)"|“([^]*)”)\s*$/;

/**
 * Reads a line. Upper and lower case make no difference in a command, and neither do blanks around its parts; the message
 * is what follows them, without its quotes if it is in quotes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCommand('/dm bob "how are you?"'), { kind: "dm", to: "bob", message: "how are you?" });
 * assertEquals(parseCommand("/dm bob"), { kind: "usage", of: "dm" });
 * assertEquals(parseCommand("hello"), { kind: "text" });
 * ```
 */
export function parseCommand(line: string): Command {
  const [, word, rest = ""] = /^\s*(\S+)(?:\s+([^]*))?$/.exec(line) ?? [];
  if (word === undefined) return { kind: "nothing" };
  if (!word.startsWith("/")) return { kind: "text" };
  switch (word.toLowerCase()) {
    case "/users":
      return { kind: "users" };
    case "/help":
      return { kind: "help" };
    case "/quit":
      return { kind: "quit" };
    case "/bm": {
      const message = unquote(rest);
      return message === "" ? { kind: "usage", of: "bm" } : { kind: "bm", message };
    }
    case "/dm": {
      const [, to, text = ""] = /^(\S+)(?:\s+([^]*))?$/.exec(rest) ?? [];
      const message = unquote(text);
      return to === undefined || message === "" ? { kind: "usage", of: "dm" } : { kind: "dm", to, message };
    }
  }
  return { kind: "unknown" };
}

function unquote(text: string): string {
  const [, straight, typographic] = QUOTED.exec(text) ?? [];
  return straight ?? typographic ?? text;
}
