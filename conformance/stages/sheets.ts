/**
 * Holds the sheets in docs/course/sheets against the clauses and stages that they are made of: `deno task check` runs it, and
 * `deno task generate`, with `--write`, writes them.
 *
 * @module
 */

import { DIALECTS } from "../../lib/dialects/registry.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { DEFAULT_GRADING } from "../grading/grading.ts";
import type { Role } from "../transcript/check.ts";
import { sheetOf } from "./sheet.ts";
import { loadStages } from "./stage.ts";

const ROLES: readonly Role[] = ["server", "client"];
const FOLDER = new URL("../../docs/course/sheets/", import.meta.url);

/** Each sheet as it should be, by the name of its file. */
export async function allSheets(): Promise<Map<string, string>> {
  const sheets = DIALECTS.map(async ({ name: dialect, transport, defaultPort: port }) => {
    const parts = await Promise.all(ROLES.map(async (role) => {
      const { clauses } = await loadLibrary(dialect, { dirs: [], embedded: true }, role);
      return { role, stages: await loadStages(dialect, role), clauses };
    }));
    const points = (clause: Parameters<typeof DEFAULT_GRADING.of>[0]) => DEFAULT_GRADING.of(clause).points;
    const written = parts.filter(({ clauses }) => clauses.size > 0);
    return [`${dialect}.md`, sheetOf({ dialect, transport, port, parts: written, points })] as const;
  });
  return new Map(await Promise.all(sheets));
}

if (import.meta.main) {
  const isToWrite = Deno.args.includes("--write");
  for (const [file, text] of await allSheets()) {
    if (isToWrite) await Deno.writeTextFile(new URL(file, FOLDER), text);
    const there = await Deno.readTextFile(new URL(file, FOLDER)).catch(() => "");
    if (there.replaceAll("\r\n", "\n") === text) continue;
    await Deno.stdout.write(new TextEncoder().encode(`docs/course/sheets/${file} is stale: run deno task generate\n`));
    Deno.exitCode = 1;
  }
}
