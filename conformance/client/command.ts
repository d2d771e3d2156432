/**
 * The command that starts a client, and what is typed first: the placeholders in both.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { visibleText } from "../../lib/core/visible.ts";
import { readEscape } from "../transcript/escape.ts";
import type { ClientPlace } from "./client_run.ts";

/** The words of a command, with placeholders in them. */
export type ClientCommand = readonly [program: string, ...args: readonly string[]];

/** Every placeholder, and what it stands for. */
const PLACEHOLDERS: Readonly<Record<string, (place: ClientPlace) => string>> = {
  "{host}": ({ server }) => server.hostname,
  "{port}": ({ server }) => String(server.port),
  "{name}": ({ name }) => name,
  "{client-port}": ({ clientPort }) => String(clientPort),
  "{server}": ({ server: { hostname, port } }) =>
    hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`,
  "{dir}": () => Deno.cwd(),
};

/** What stands in braces and looks like a placeholder. */
const IN_BRACES = /\{[a-z][a-z-]*\}/g;

/**
 * Puts what the placeholders stand for into a text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const place = { server: { hostname: "127.0.0.1", port: 4000 }, name: "ann", clientPort: 4001 };
 * assertEquals(fillIn("{server} {name} {other}", place), "127.0.0.1:4000 ann {other}");
 * ```
 */
export function fillIn(text: string, place: ClientPlace): string {
  return text.replace(IN_BRACES, (found) => PLACEHOLDERS[found]?.(place) ?? found);
}

/** The command for a client at this place. */
export function clientCommandFor(command: ClientCommand, place: ClientPlace): [program: string, ...args: string[]] {
  const [program, ...args] = command.map((word) => fillIn(word, place));
  return [program!, ...args];
}

/** Whether a client is told where we listen; otherwise it has a port of its own, on which we must listen. */
export function takesServerPort(command: ClientCommand, input: string): boolean {
  return [...command, input].some((word) => word.includes("{port}") || word.includes("{server}"));
}

/**
 * Reads what is typed first: `\n` is Enter. Throws a `bad-value` error for a placeholder or an escape that there is not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readInput("{host}\\n{name}\\n"), "{host}\n{name}\n");
 * ```
 */
export function readInput(text: string): string {
  checkPlaceholders(text, "--client-input");
  let input = "";
  for (let at = 0; at < text.length;) {
    if (text[at] !== "\\") {
      input += text[at++];
      continue;
    }
    const escape = readEscape(text, at);
    if (escape === undefined) {
      throw new ChatError(
        "bad-value",
        `--client-input: ${visibleText(text.slice(at, at + 2))} is no escape: Enter is \\n`,
      );
    }
    input += new TextDecoder().decode(escape.bytes);
    at += escape.length;
  }
  return input;
}

/** Throws a `bad-value` error for a placeholder that there is not; `option` is where it stands. */
export function checkPlaceholders(text: string, option: string): void {
  for (const [found] of text.matchAll(IN_BRACES)) {
    if (found in PLACEHOLDERS) continue;
    throw new ChatError("bad-value", `${option}: there is no ${found}: ${Object.keys(PLACEHOLDERS).join(" ")}`);
  }
}
