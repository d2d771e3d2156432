/**
 * Runs the tests: deno task test [OPTION OF deno test ...] [PATH ...]
 *
 * With paths, `deno test` runs them, each file in an isolate of its own. Without any, all tests run, those that wait for nothing
 * together in a few isolates, and the examples of the doc comments in one.
 *
 * @module
 */

import { testsOfExamples } from "./examples.ts";
import { groupsOf, runsAlone } from "./groups.ts";

const ROOT = new URL("../../", import.meta.url);
const GROUPS = 6;
const OPTIONS = [
  ...["--parallel", "--sanitize-ops", "--sanitize-resources", "--no-prompt"],
  ...["--allow-net", "--allow-env", "--allow-sys=networkInterfaces", "--allow-read", "--allow-write", "--allow-run"],
];

/** All modules of the project, by their paths. */
function modulesBelow(folder: string): string[] {
  const entries = [...Deno.readDirSync(new URL(folder, ROOT))].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    if (name.startsWith(".") || name === "dist" || name === "node_modules") return [];
    return isDirectory ? modulesBelow(`${folder}${name}/`) : name.endsWith(".ts") ? [`${folder}${name}`] : [];
  });
}

/** Writes a file, unless that is in it already: what was compiled of it is then still good. */
function put(url: URL, text: string): URL {
  try {
    if (Deno.readTextFileSync(url) === text) return url;
  } catch {
    // It is not there yet.
  }
  Deno.writeTextFileSync(url, text);
  return url;
}

/** What runs all tests, as arguments of `deno test`. */
async function everything(): Promise<string[]> {
  const sources = modulesBelow("").map((path) => {
    const url = new URL(path, ROOT);
    return { path, url, source: Deno.readTextFileSync(url) };
  });
  const tests = sources.filter(({ path }) => path.endsWith("_test.ts"));
  const alone = tests.filter(runsAlone);
  const groups = groupsOf(tests.filter((file) => !runsAlone(file)), GROUPS);
  const folder = await temporaryFolder();
  const examples = put(
    new URL("examples_test.ts", folder),
    testsOfExamples(sources.filter((one) => !tests.includes(one))),
  );
  const grouped = groups.map((group, i) => {
    const imports = group.map(({ path }) => `import ${JSON.stringify(new URL(path, ROOT).href)};\n`);
    return put(new URL(`group_${i + 1}_test.ts`, folder), imports.join(""));
  });
  return [examples, ...grouped].map(({ href }) => href).concat(alone.map(({ url }) => url.href));
}

/** Where modules of tests are put: the same each time, for this copy of the project. */
async function temporaryFolder(): Promise<URL> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ROOT.href)));
  const id = [...digest.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const system = Deno.env.get("TMPDIR") ?? Deno.env.get("TEMP") ?? "/tmp";
  const folder = new URL(`chat-tests-${id}/`, `file://${system.replaceAll("\\", "/").replace(/^(?!\/)/, "/")}/`);
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

const hasPaths = Deno.args.some((arg) => !arg.startsWith("-"));
const selected = hasPaths ? ["--doc", ...Deno.args] : [...Deno.args, ...await everything()];
const args = ["test", "--config", decodeURIComponent(new URL("deno.json", ROOT).pathname), ...OPTIONS, ...selected];
const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
Deno.exit(code);
