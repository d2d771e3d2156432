/**
 * The order in which a program is written: stages of a few clauses each, with what one needs to know for them.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Role } from "../transcript/check.ts";
import { mistake } from "../transcript/place.ts";

/** One step on the way. */
export interface Stage {
  /** What it is about, in a few words. */
  readonly title: string;
  /** What to know for it: some sentences. */
  readonly text: string;
  /** The slugs of its clauses. */
  readonly clauses: readonly string[];
}

/** How far a program has come with a stage: `later` if one before it is not done. */
export type StageOutcome = "done" | "failed" | "later";

/** A stage, and how far a program has come with it. */
export interface StageResult {
  /** Which. */
  readonly stage: Stage;
  /** How far. */
  readonly outcome: StageOutcome;
}

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** The stages of a dialect's servers, or clients, none where there are no fixtures for clients; throws `fixtures-missing` if they cannot be read. */
export async function loadStages(dialect: string, role: Role): Promise<Stage[]> {
  const file = `${dialect}/${role === "client" ? "client/" : ""}stages.txt`;
  try {
    return readStages(await Deno.readTextFile(new URL(file, FIXTURES)), `fixtures/${file}`);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    if (role === "client" && cause instanceof Deno.errors.NotFound) return [];
    throw new ChatError("fixtures-missing", `fixtures/${file} cannot be read`, { cause });
  }
}

/**
 * Reads stages: `stage:` and a title, lines of text, and `clauses:` with slugs behind it; then an empty line. Lines that begin with `#`
 * do not count. Throws a {@linkcode mistake} for what is not like that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [stage] = readStages("stage: A name\nCheck it.\nclauses: relay/register-taken\n", "stages.txt");
 * assertEquals(stage, { title: "A name", text: "Check it.", clauses: ["relay/register-taken"] });
 * ```
 */
export function readStages(text: string, file: string): Stage[] {
  const stages: Stage[] = [];
  let block: { title: string; text: string[]; clauses: string[]; line: number } | undefined;
  for (const [i, raw] of `${text}\n`.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const place = { file, line: i + 1 };
    if (line.startsWith("#")) continue;
    if (line === "") {
      if (block === undefined) continue;
      if (block.clauses.length === 0) throw mistake({ file, line: block.line }, "a stage has clauses: some of them");
      stages.push({ title: block.title, text: block.text.join("\n"), clauses: block.clauses });
      block = undefined;
    } else if (line.startsWith("stage:")) {
      if (block !== undefined) throw mistake(place, "an empty line stands between two stages");
      block = { title: line.slice("stage:".length).trim(), text: [], clauses: [], line: i + 1 };
    } else if (block === undefined) throw mistake(place, "a stage begins with stage: and its title");
    else if (line.startsWith("clauses:")) block.clauses.push(...line.slice("clauses:".length).trim().split(/\s+/));
    else block.text.push(line);
  }
  return stages;
}
