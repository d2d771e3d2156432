/**
 * Has `deno doc --lint` read all modules but those that are only there for tests: `deno task check` runs it. A constructor needs
 * no comment where its parameters say it all, nor does a method that overrides one which has a comment.
 *
 * @module
 */

import process from "node:process";
import { sourceFiles } from "./imports.ts";
import { isForTests } from "./layers.ts";

/** What `deno doc --lint` found, each with the code it is about. */
const FINDING = /^error\[[^]*?(?=^error|\n\n\n|$(?![^]))/gm;
const NEEDS_NONE = /^error\[missing-jsdoc\][^]*\| +(?:private |protected )?(?:constructor\(|override )/;

/**
 * What is to be mended, of what `deno doc --lint` says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const said = (code: string) => `error[missing-jsdoc]: no comment\n --> a.ts:3:3\n  |\n3 |   ${code}\n`;
 * assertEquals(findings(said("constructor(link: Link) {")), []);
 * assertEquals(findings(said("override close(): void {")), []);
 * assertEquals(findings(said("close(): void {")).length, 1);
 * ```
 */
export function findings(said: string): string[] {
  return [...said.matchAll(FINDING)].map(([finding]) => finding.trimEnd()).filter((finding) =>
    !NEEDS_NONE.test(finding) && !finding.startsWith("error: Found")
  );
}

/** Checks the project, writes down what is wrong with it, and gives the exit status. */
async function main(): Promise<number> {
  const root = new URL("../", import.meta.url);
  const files = sourceFiles(root).filter((file) => !isForTests(file) && !file.startsWith("tests/"));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--lint", ...files],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  const said = new TextDecoder().decode(stderr);
  const found = findings(said);
  // Whatever it stumbled over is told, if it was not a comment.
  const isLint = /^error\[/m.test(said);
  if (!success && !isLint) found.push(said);
  for (const finding of found) process.stderr.write(`${finding}\n\n`);
  return found.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
