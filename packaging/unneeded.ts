/**
 * What of npm packages a binary does without: it reads all that it holds at every start.
 *
 * @module
 */

/** A package with its files, as far as this needs to know it. */
export interface PackageFiles {
  /** Where it is: a path with slashes, and none at the end. */
  readonly folder: string;
  /** Its files, relative to that, with slashes. */
  readonly files: readonly string[];
  /** Whether only modules of ours import it, or it may be required by another package as well. */
  readonly isOnlyImported: boolean;
}

const CODE = /\.(?:js|mjs|cjs|json|wasm|node)$/;

/**
 * The paths to leave out: files that no program reads (types, maps, texts), where only modules import the package also what it
 * has for `require` beside the same as a module; and a folder where nothing is left of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const files = ["package.json", "dist/a.js", "dist/a.cjs", "dist/a.d.ts", "docs/a.md", "docs/more/b.md"];
 * const left = (isOnlyImported: boolean) => unneededPaths({ folder: "/c", files, isOnlyImported });
 * assertEquals(left(true), ["/c/docs", "/c/dist/a.cjs", "/c/dist/a.d.ts"]);
 * assertEquals(left(false), ["/c/docs", "/c/dist/a.d.ts"]);
 * ```
 */
export function unneededPaths({ folder, files, isOnlyImported }: PackageFiles): string[] {
  const all = new Set(files);
  const isNeeded = (file: string) => {
    const stem = file.replace(/\.cjs$/, "");
    if (isOnlyImported && stem !== file && (all.has(`${stem}.js`) || all.has(`${stem}.mjs`))) return false;
    return CODE.test(file);
  };
  const kept = new Set(files.filter(isNeeded).flatMap(foldersOf));
  const gone = files.filter((file) => !isNeeded(file));
  const folders = new Set(gone.flatMap((file) => foldersOf(file).find((one) => !kept.has(one)) ?? []));
  const rest = gone.filter((file) => !foldersOf(file).some((one) => folders.has(one)));
  return [...folders, ...rest].map((path) => `${folder}/${path}`);
}

/** The folders that a file is in, the outermost first. */
function foldersOf(file: string): string[] {
  const parts = file.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}
