/**
 * What a person is asked before a conversation can begin.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import type { Endpoint } from "../../core/link.ts";
import { type Address, addressText, parseAddress } from "../../core/address.ts";
import type { Frontend } from "./frontend.ts";
import type { Printer } from "../output/printer.ts";

/** Asks for a name, until there is one; `undefined` if there is no answer to be had. */
export function askName(frontend: Frontend, view: Printer): Promise<string | undefined> {
  return ask(frontend, view, "Name: ", (text) => checkedName(text));
}

/** Asks for a server; Enter takes the one that is offered. `undefined` if there is no answer to be had. */
export function askServer(frontend: Frontend, view: Printer, offered: Endpoint): Promise<Endpoint | undefined> {
  return ask(
    frontend,
    view,
    `Server [${addressText(offered)}]: `,
    (text) => text === "" ? offered : withPort(parseAddress(text), offered.port),
  );
}

/** A server on the given port, unless it has one of its own. */
export function withPort({ hostname, port }: Address, otherwise: number): Endpoint {
  return { hostname, port: port ?? otherwise };
}

/**
 * Gives the name back if it can be one in any dialect: something, on one line. Which names are well formed is for the server
 * to say. Throws a {@linkcode ChatError} with the code `bad-name`.
 */
export function checkedName(name: string): string {
  if (name === "") throw new ChatError("bad-name", "a name cannot be empty");
  // A line break in it would put words into our mouth: most dialects divide what they say by lines.
  if (/\p{Cc}/u.test(name)) throw new ChatError("bad-name", "a name cannot contain control characters");
  return name;
}

async function ask<T>(
  frontend: Frontend,
  view: Printer,
  prompt: string,
  read: (text: string) => T,
): Promise<T | undefined> {
  for (;;) {
    const entry = await frontend.read(prompt, "answer");
    if (entry.kind === "end") return undefined;
    try {
      if (entry.kind === "line") return read(entry.text.trim());
      view.problem(entry.why);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      view.problem(error.message);
    }
  }
}
