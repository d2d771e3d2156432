/**
 * Holds the project's imports against the table of layers: `deno task check` runs it.
 *
 * @module
 */

import process from "node:process";
import { type Import, readImports, sourceFiles } from "./imports.ts";
import { isForTests, isTest, type Layer, layerOf, LAYERS, TEST_PACKAGES } from "./layers.ts";

/**
 * Everything that is wrong with these imports, one line each: `file:line imports file: rule`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const layers = [
 *   { name: "hub", holds: ["hub/"], imports: [] },
 *   { name: "dialects", holds: ["dialects/"], imports: ["hub"] },
 * ];
 * const planted = { from: "hub/hub.ts", line: 3, to: "dialects/relay.ts", isFile: true, isTypeOnly: true };
 * assertEquals(violations([planted], layers), [
 *   "hub/hub.ts:3 imports dialects/relay.ts: hub may import nothing but itself",
 * ]);
 * ```
 */
export function violations(imports: readonly Import[], layers: readonly Layer[]): string[] {
  const found: string[] = [];
  for (const one of imports) {
    const rule = brokenRule(one, layers);
    if (rule !== undefined) found.push(`${one.from}:${one.line} imports ${one.to}: ${rule}`);
  }
  for (const cycle of cycles(imports)) found.push(`${cycle.join(" imports ")}: no cycles`);
  return found;
}

function brokenRule(one: Import, layers: readonly Layer[]): string | undefined {
  const from = layerOf(one.from, layers);
  if (from === undefined) return `${one.from} belongs to no layer; give it a place in tools/layers.ts`;
  if (!one.isFile) return brokenPackageRule(one, from);
  const to = layerOf(one.to, layers);
  if (to === undefined) return `${one.to} belongs to no layer; give it a place in tools/layers.ts`;
  if (isTest(one.to)) return "nothing imports a test";
  if (isForTests(one.to) && !isForTests(one.from)) return "only tests may import what is there for tests";
  if (from === to) {
    return from.foldersStandAlone !== undefined && !standTogether(one.from, one.to, from)
      ? `the folders of ${from.name} stand alone`
      : undefined;
  }
  const allowed = [...from.imports];
  if (one.isTypeOnly) allowed.push(...from.importsTypes ?? []);
  if (isForTests(one.from)) allowed.push(...from.testsImport ?? []);
  if (allowed.includes(to.name)) return undefined;
  if (from.importsTypes?.includes(to.name)) return `${from.name} may import only types from ${to.name}`;
  return `${from.name} may import ${allowed.length === 0 ? "nothing but itself" : `only ${allowed.join(", ")}`}`;
}

function brokenPackageRule(one: Import, from: Layer): string | undefined {
  const allowed = [...from.packages ?? [], ...isForTests(one.from) ? TEST_PACKAGES : []];
  if (allowed.some((name) => one.to === name || one.to.startsWith(`${name}/`))) return undefined;
  return `${from.name} may import ${allowed.length === 0 ? "no packages" : `no packages but ${allowed.join(", ")}`}`;
}

/** Whether two files of a layer are in one folder of it, or the imported one is in none, or in one that all share. */
function standTogether(from: string, to: string, layer: Layer): boolean {
  const folder = folderOf(to, layer);
  const isShared = layer.foldersStandAlone?.shared.includes(folder) ?? false;
  return folder === "" || isShared || folder === folderOf(from, layer) || folderOf(from, layer) === "";
}

function folderOf(path: string, layer: Layer): string {
  const place = layer.holds.find((place) => path.startsWith(place)) ?? "";
  const rest = path.slice(place.length).split("/");
  return rest.length > 1 ? rest[0]! : "";
}

/**
 * The shortest way around through each group of files that import one another, imports of types included: `[a, b, a]`.
 */
export function cycles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, string[]>();
  for (const { from, to, isFile } of imports) {
    if (isFile) edges.set(from, [...edges.get(from) ?? [], to]);
  }
  const found: string[][] = [];
  const reported = new Set<string>();
  for (const start of [...edges.keys()].sort()) {
    if (reported.has(start)) continue;
    const way = wayBack(start, edges);
    if (way === undefined) continue;
    for (const file of way) reported.add(file);
    found.push(way);
  }
  return found;
}

/** The shortest way from a file back to itself, breadth first. */
function wayBack(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of edges.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** Checks the project, writes down what is wrong with it, and gives the exit status. */
async function main(): Promise<number> {
  const root = new URL("../", import.meta.url);
  const files = sourceFiles(root);
  const imports = await readImports(root, files);
  const found = violations(imports, LAYERS);
  for (const line of found) process.stderr.write(`${line}\n`);
  process.stdout.write(
    `${files.length} files, ${imports.length} imports, ${found.length} violations of tools/layers.ts\n`,
  );
  return found.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
