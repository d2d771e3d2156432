/**
 * A folder with a script for each failure.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { openFolder } from "../results/folder.ts";
import type { Result } from "../results/verdict.ts";
import { type Helpers, type ScriptContext, writeScript } from "./script.ts";

/** Embedded by `deno compile --include conformance/reproduce/helpers`, and found in the same options. */
const HELPERS = new URL("helpers/", import.meta.url);
const FILES = ["common.py", "server.py", "program.py", "client.py"];
/** Whether a dialect is carried by a WebSocket, which Python does not speak by itself: no scripts are written for it. */
export function isCarried(dialect: string): boolean {
  const entry = findDialect(dialect);
  return entry?.transport === "tcp" && entry.webSocket !== undefined;
}

/** All users may run them. */
const MODE = 0o755;

/** Writes scripts into a folder. */
export class Reproducers {
  readonly #folder: string;
  readonly #helpers: Helpers;
  readonly #names = new Set<string>();

  private constructor(folder: string, helpers: Helpers) {
    this.#folder = folder;
    this.#helpers = helpers;
  }

  /** Makes the folder if it is not there. Throws `unwritable`, in one line, if nothing can be written in it. */
  static async open(folder: string): Promise<Reproducers> {
    await openFolder(folder, "reproducers");
    const read = (name: string) => Deno.readTextFile(new URL(name, HELPERS));
    const [common, server, program, client] = await Promise.all(FILES.map(read));
    return new Reproducers(folder, {
      server: `${common}\n\n${server}`,
      client: `${common}\n\n${program}\n\n${client}`,
    });
  }

  /** Writes a script for each failure, in place of one of the same name, and says which file it is in. */
  async write(results: readonly Result[], context: ScriptContext): Promise<Map<Result, string>> {
    const files = new Map<Result, string>();
    // What many clients did at once is no transcript, and a script has no server and client at once.
    const isScript = ({ verdict, fixture, recurrence }: Result) =>
      // What passes alone is nothing that a script could show, which has nobody beside or before it.
      verdict === "fail" && context.target.role !== "pair" && fixture.steps.length > 0 &&
      !isCarried(context.target.dialect) &&
      recurrence?.when !== "beside" &&
      recurrence?.when !== "after";
    for (const result of results.filter(isScript)) {
      const file = `${this.#folder}/${this.#nameFor(result.fixture.name)}`;
      try {
        await Deno.writeTextFile(file, writeScript(result, context, this.#helpers), { mode: MODE });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ChatError("unwritable", `the reproducer ${file} cannot be written: ${why}`, { cause });
      }
      files.set(result, file);
    }
    return files;
  }

  /** A name that every file system takes, and no other script of this run has. */
  #nameFor(fixture: string): string {
    const stem = fixture.replace(/[^A-Za-z0-9._-]+/g, "-");
    for (let i = 1;; i++) {
      const name = `${stem}${i === 1 ? "" : `-${i}`}.py`;
      // Some file systems do not tell upper from lower case.
      if (this.#names.has(name.toLowerCase())) continue;
      this.#names.add(name.toLowerCase());
      return name;
    }
  }
}
