/**
 * A submission: the folder in which somebody has handed in a program.
 *
 * @module
 */

/** One of a course's submissions. */
export interface Submission {
  /** What it is called: the name of its folder. */
  readonly name: string;
  /** Its folder, as an absolute path. */
  readonly path: string;
  /** What its folder beside the marks is called. */
  readonly folder: string;
  /** Why it cannot be played, whatever is in it: one line. */
  readonly problem?: string;
}

/** Names of folders that are good for any system, and in any shell. */
const PLAIN = /^[\p{L}\p{N}_@+=,-][\p{L}\p{N}\p{M}_@+=,. -]{0,99}$/u;
/** What stands beside them. */
const TAKEN = new Set(["index.html", "marks.csv", "marks.json", "run.json", "run.lock", "grading.yaml"]);

/**
 * The submissions for folders of these names, in the order of an alphabet in which 2 comes before 10.
 *
 * @param root The folder that they are in, as an absolute path.
 * @param names Their names, as the system tells them.
 * @param unreadable Those under which the system does not find them again, because they are no UTF-8.
 */
export function submissionsIn(
  root: string,
  names: readonly string[],
  unreadable: ReadonlySet<string> = new Set(),
): Submission[] {
  const used = new Set<string>();
  const sorted = names.toSorted(new Intl.Collator("en", { numeric: true }).compare);
  return sorted.map((name) => {
    const plain = plainName(name);
    // Folders with names that are no UTF-8 may have the same here, and some systems do not tell letters' case.
    let folder = plain;
    for (let i = 2; used.has(folder.toLowerCase()); i++) folder = `${plain}-${i}`;
    used.add(folder.toLowerCase());
    const problem = unreadable.has(name)
      ? "the name of its folder is no UTF-8, so that nothing can be started in it: rename it"
      : undefined;
    return { name, path: `${root}/${name}`, folder, ...problem !== undefined && { problem } };
  });
}

/** A name for a folder: the same one where it can be, and always the same for the same. */
function plainName(name: string): string {
  if (PLAIN.test(name) && !/[. ]$/.test(name) && !TAKEN.has(name.toLowerCase())) return name;
  const words = [...name].filter((letter) => PLAIN.test(letter)).join("").slice(0, 80);
  return `${words}${words === "" ? "" : "-"}${hashOf(name)}`;
}

/** A short word that tells texts apart (FNV-1a): for names, not for secrets. */
function hashOf(text: string): string {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x0100_0193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
