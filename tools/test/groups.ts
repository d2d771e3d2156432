/**
 * Which files of tests run in one isolate: to begin one costs as much as most of them take.
 *
 * @module
 */

/** A file of tests. */
export interface TestFile {
  /** Its path, from the project's root, with slashes. */
  readonly path: string;
  /** What is in it. */
  readonly source: string;
}

/**
 * What keeps a file alone: programs and whole programs' tests, which wait for real time, so that others are done meanwhile; and whatever
 * may change what the isolate shares. A skipped test is found by its file, which only such a one has.
 */
const ALONE = /Deno\.(?!test\b)|needed_programs|setTimeout|real_world|real_time|Worker\(|from "node:/;

/** Whether a file runs by itself. */
export function runsAlone({ path, source }: TestFile): boolean {
  return path.startsWith("tests/") || ALONE.test(source);
}

/**
 * Divides files into so many groups of about the same size. Neighbours stay together: they load the same modules.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const files = ["a", "b", "c", "d"].map((path, i) => ({ path, source: "x".repeat(i === 0 ? 30 : 10) }));
 * const paths = groupsOf(files, 2).map((group) => group.map(({ path }) => path));
 * assertEquals(paths, [["a"], ["b", "c", "d"]]);
 * ```
 */
export function groupsOf(files: readonly TestFile[], count: number): TestFile[][] {
  const total = files.reduce((sum, { source }) => sum + source.length, 0);
  const groups = Array.from({ length: count }, (): TestFile[] => []);
  let before = 0;
  for (const file of files) {
    groups[Math.min(Math.floor(before * count / total), count - 1)]!.push(file);
    before += file.source.length;
  }
  return groups.filter((group) => group.length > 0);
}
