/**
 * The paths that are named for a course: seen from anywhere, and not in each other's way.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { ConformOptions } from "../conform_options.ts";

/** The same options for who runs in another folder. */
export async function withAbsolutePaths(conform: ConformOptions): Promise<ConformOptions> {
  const { fixtures, grading, tls } = conform;
  // What is not there is told by whoever opens it.
  const absolute = (path: string) => Deno.realPath(path).catch(() => path);
  return {
    ...conform,
    fixtures: await Promise.all(fixtures.map(absolute)),
    grading: grading && await absolute(grading),
    tls: tls && { ...tls, caFile: tls.caFile && await absolute(tls.caFile) },
  };
}

/**
 * Makes sure that marks are not among the submissions, where they would be taken for one.
 *
 * @param root The folder of the submissions, as an absolute path without links.
 * @param output The folder for the marks, which need not be there.
 * @throws {ChatError} `usage` if one of them is in the other.
 */
export async function keepApart(root: string, output: string): Promise<void> {
  const [, parent = ".", name = ""] = /^(.*[/\\])?([^/\\]+)[/\\]*$/.exec(output) ?? [];
  const real = await Deno.realPath(output).catch(async () =>
    // Where the folder for it is not there either, that is told when it is made.
    `${await Deno.realPath(parent).catch(() => "")}/${name}`
  );
  if (!isIn(real, root) && !isIn(root, real)) return;
  const what = isIn(real, root) ? "would be taken for a submission there" : "holds them";
  throw new ChatError(
    "usage",
    `the marks must be elsewhere than the submissions, and ${
      visibleText(output)
    } ${what}: name another with --output DIR`,
  );
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.replace(/[/\\]$/, "").length));
}
