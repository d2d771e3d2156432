/**
 * Has `deno doc --lint` read all modules but those that are only there for tests: `deno task check` runs it.
 *
 * @module
 */

import process from "node:process";
import { sourceFiles } from "./imports.ts";
import { isForTests } from "./layers.ts";

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  const files = sourceFiles(root).filter((file) => !isForTests(file) && !file.startsWith("tests/"));
  const args = ["doc", "--quiet", "--lint", ...files];
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: root, stdout: "null" }).spawn().status;
  process.exitCode = code;
}
