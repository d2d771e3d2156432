/**
 * The command that starts a server, as the user writes it.
 *
 * @module
 */

import { parse } from "shell-quote";
import { ChatError } from "../../../lib/core/error.ts";
import type { Endpoint } from "../../../lib/core/link.ts";

/**
 * The words of a command, in which `{host}` and `{port}` stand for where the server is to listen, and `{dir}` for the folder in which
 * it is started.
 */
export type ServerCommand = readonly [program: string, ...args: readonly string[]];

/**
 * Reads a command: words are divided and quoted as in a shell, but no shell runs it, so that nothing else means anything.
 * Throws a `bad-value` error for what only a shell could do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readCommand("python3 'my server.py' {port}"), ["python3", "my server.py", "{port}"]);
 * ```
 */
export function readCommand(text: string): ServerCommand {
  // A path of Windows is full of backslashes.
  const options = Deno.build.os === "windows" ? { escape: "^" } : {};
  const [program, ...args] = parse(text, (name) => `$${name}`, options).map((part) => {
    if (typeof part === "string") return part;
    if ("pattern" in part) return part.pattern;
    const what = "comment" in part ? "#" : part.op;
    throw new ChatError(
      "bad-value",
      `programs are started without a shell, which ${what} needs: write a script, or quote it`,
    );
  });
  if (program === undefined || program === "") {
    throw new ChatError(
      "bad-value",
      "there is no command in it: write what starts the server, like 'python3 server.py {port}'",
    );
  }
  return [program, ...args];
}

/** Whether a command says where its server is to listen; otherwise the server has a port of its own. */
export function takesPort(command: ServerCommand): boolean {
  return command.some((word) => word.includes("{port}"));
}

/** The command for a server that is to listen here. */
export function commandFor(command: ServerCommand, { hostname, port }: Endpoint): [program: string, ...args: string[]] {
  const [program, ...args] = command.map((word) =>
    inThisFolder(word.replaceAll("{host}", hostname).replaceAll("{port}", String(port)))
  );
  return [program!, ...args];
}

/** A word with the folder in which this program runs, and what it starts, in place of `{dir}`. */
export function inThisFolder(word: string): string {
  return word.includes("{dir}") ? word.replaceAll("{dir}", () => Deno.cwd()) : word;
}
