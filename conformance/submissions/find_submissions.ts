/**
 * Finds the submissions of a course: the folders in a folder.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { visibleText } from "../../lib/core/visible.ts";
import { type Submission, submissionsIn } from "./submission.ts";

/** What is in a folder of submissions. */
export interface FoundSubmissions {
  /** The folder, as an absolute path without links. */
  readonly root: string;
  /** The submissions. */
  readonly submissions: readonly Submission[];
  /** The names of what is none, such as files, and why that is left out. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Looks for submissions.
 *
 * @throws {ChatError} `usage` for a folder that is not there, or cannot be read.
 */
export async function findSubmissions(folder: string): Promise<FoundSubmissions> {
  const names: string[] = [];
  const leftOut: { name: string; why: string }[] = [];
  try {
    const root = await Deno.realPath(folder);
    for await (const entry of Deno.readDir(root)) {
      const why = await whyNone(root, entry);
      if (why === undefined) names.push(entry.name);
      else leftOut.push({ name: entry.name, why });
    }
    // Some versions of Deno leave these out.
    const told = new Set(names);
    names.push(...(await unreadableIn(root)).filter((name) => !told.has(name)));
    const isThere = await Promise.all(names.map((name) => Deno.stat(`${root}/${name}`).then(() => true, () => false)));
    const unreadable = new Set(names.filter((_, i) => !isThere[i]));
    return { root, submissions: submissionsIn(root, names, unreadable), leftOut };
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "it is not there"
      : cause instanceof Deno.errors.NotADirectory || await isFile(folder)
      ? "it is no folder: name the one in which each submission is a folder"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ChatError("usage", `--submissions ${visibleText(folder)}: ${why}`, { cause });
  }
}

/** Why something in the folder is no submission. A link to a folder is one: so they are gathered from elsewhere. */
async function whyNone(root: string, { name, isDirectory, isSymlink }: Deno.DirEntry): Promise<string | undefined> {
  if (name.startsWith(".")) return "hidden";
  if (isDirectory) return undefined;
  if (!isSymlink) return "no folder";
  const leadsToFolder = await Deno.stat(`${root}/${name}`).then((one) => one.isDirectory, () => false);
  return leadsToFolder ? undefined : "a link that leads to no folder";
}

/** The names of folders that are no UTF-8, as far as they can be read. */
async function unreadableIn(root: string): Promise<string[]> {
  if (Deno.build.os === "windows") return [];
  const args = [root, "-mindepth", "1", "-maxdepth", "1", "-type", "d", "-print0"];
  try {
    const { stdout } = await new Deno.Command("find", { args, stdin: "null", stderr: "null" }).output();
    const paths = new TextDecoder().decode(stdout).split("\0");
    return paths.filter((path) => path.includes("\ufffd")).map((path) => path.slice(path.lastIndexOf("/") + 1));
  } catch {
    // Where there is no such program, what Deno tells is all that is known.
    return [];
  }
}

function isFile(path: string): Promise<boolean> {
  return Deno.stat(path).then((one) => one.isFile, () => false);
}

/**
 * Says in a line what was left out; nothing if it was only what is hidden.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const leftOut = [{ name: "list.csv", why: "no folder" }, { name: ".git", why: "hidden" }];
 * assertEquals(leftOutText(leftOut), "left out, because each submission is a folder: list.csv (no folder)");
 * ```
 */
export function leftOutText(leftOut: FoundSubmissions["leftOut"]): string | undefined {
  const shown = leftOut.filter(({ why }) => why !== "hidden");
  if (shown.length === 0) return undefined;
  const some = shown.slice(0, 5).map(({ name, why }) => `${visibleText(name)} (${why})`);
  const more = shown.length > some.length ? `, and ${shown.length - some.length} more` : "";
  return `left out, because each submission is a folder: ${some.join(", ")}${more}`;
}
