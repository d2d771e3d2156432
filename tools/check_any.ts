/**
 * Finds imports from packages whose type is `any`, which makes everything that they touch `any`: `deno task check` runs it.
 *
 * @module
 */

import process from "node:process";
import { sourceFiles } from "./imports.ts";

/** A value imported from a package. */
export interface Imported {
  /** The package, as the statement spells it. */
  readonly from: string;
  /** `default`, or `*` for all of it. */
  readonly name: string;
  /** Where it is first imported, as `file:line`. */
  readonly at: string;
}

const STATEMENT = /^import (?!type )([^"';]+?) from "(@?\w[^"]*)";$/gm;

/** All that a file's import statements take from packages, types left out: they have no value that could be `any`. */
export function importedValues(file: string, source: string): Imported[] {
  return [...source.matchAll(STATEMENT)].flatMap(({ index, 1: clause = "", 2: from = "" }) => {
    const at = `${file}:${source.slice(0, index).split("\n").length}`;
    return namesOf(clause).map((name) => ({ from, name, at }));
  });
}

/** The names of a clause such as `a, { b, type C, d as e }` or `* as f`. */
function namesOf(clause: string): string[] {
  const [, braces] = /\{([^}]*)\}/.exec(clause) ?? [];
  const named = (braces ?? "").split(",").map((part) => part.trim()).filter((part) => part !== "");
  const before = clause.replace(/,?\s*\{[^}]*\}/, "").trim();
  const whole = before === "" ? [] : [before.startsWith("*") ? "*" : "default"];
  return [...whole, ...named.filter((part) => !part.startsWith("type ")).map((part) => part.split(" as ")[0]!)];
}

/**
 * A module with one line for each import that the type checker must find fault with. Nothing but `any` fits `Odd`, so that
 * where no fault is found, the directive above the line is reported as unused.
 */
export function probe(imported: readonly Imported[]): string {
  const statements = imported.map(({ from, name }, i) =>
    name === "*" ? `import * as v${i} from "${from}";` : `import { ${name} as v${i} } from "${from}";`
  );
  const lines = imported.map(({ at, from, name }, i) =>
    `// @ts-expect-error ${at} ${name} of ${from}\nexport const c${i}: Odd = is<typeof v${i}>();`
  );
  const head = [
    "declare const odd: unique symbol;",
    "interface Odd { readonly [odd]: true }",
    "declare function is<T>(): T;",
  ];
  return [...statements, ...head, ...lines, ""].join("\n");
}

/** Checks the project, writes down which imports are `any`, and gives the exit status. */
async function main(): Promise<number> {
  const root = new URL("../", import.meta.url);
  const all = sourceFiles(root).flatMap((file) => importedValues(file, Deno.readTextFileSync(new URL(file, root))));
  const imported = [...new Map(all.map((one) => [`${one.from} ${one.name}`, one])).values()];
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(file, probe(imported));
    const args = ["check", "--quiet", "--config", new URL("deno.json", root).pathname, file];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: root,
      env: { NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stderr);
    const found = [...said.matchAll(/^\/\/ @ts-expect-error (\S+) (.*)$/gm)].map(([, at, what]) =>
      `${at} imports ${what}: any`
    );
    for (const line of found) process.stderr.write(`${line}; declare its type in tools/std.d.ts\n`);
    if (!success && found.length === 0) process.stderr.write(said);
    process.stdout.write(`${imported.length} imports from packages, ${found.length} of them any\n`);
    return success ? 0 : 1;
  } finally {
    Deno.removeSync(file);
  }
}

if (import.meta.main) process.exitCode = await main();
