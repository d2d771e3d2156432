/**
 * Python, for tests of what is written in it.
 *
 * @module
 */

import { commandOf } from "../../testing/needed_programs.ts";

/** What a program has said, and its exit status. */
export interface ScriptOutput {
  /** The exit status. */
  readonly status: number;
  /** Its standard output. */
  readonly out: string;
  /** Its standard error. */
  readonly err: string;
}

/** Runs a script, or with `-c` a program; `input` is its standard input. */
export async function python(args: readonly string[], input = ""): Promise<ScriptOutput> {
  const env = { PYTHONDONTWRITEBYTECODE: "1", PYTHONIOENCODING: "utf-8" };
  const command = new Deno.Command(commandOf("python3")!, {
    args: [...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const writer = process.stdin.getWriter();
  // Standard output is read meanwhile, so that neither side waits for the other.
  const written = writer.write(new TextEncoder().encode(input)).then(() => writer.close());
  const [{ code, stdout, stderr }] = await Promise.all([process.output(), written]);
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
