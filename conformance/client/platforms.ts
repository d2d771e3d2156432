/**
 * In what the systems differ where a client is started.
 *
 * @module
 */

/** A system, as `Deno.build.os` calls it. */
export type System = typeof Deno.build.os;

/** What is set for every client besides what is set here. */
export function environmentOn(system: System): Record<string, string> {
  return {
    // Python keeps what it prints to a pipe until there is much of it.
    PYTHONUNBUFFERED: "1",
    // On Windows it writes to a pipe, and reads from one, in a code page that has no more than 256 characters.
    ...system === "windows" ? { PYTHONIOENCODING: "utf-8" } : {},
  };
}

/** A command within a terminal of its own, of a usual size, whose other side the program `script` connects with our pipes. */
export function inTerminal(words: readonly string[], system: System): string[] {
  const sized = ["sh", "-c", 'stty cols 1000 rows 50 2>/dev/null; exec "$@"', "sh", ...words];
  // That of the BSDs takes the words as they are, behind the file.
  if (system !== "linux") return ["script", "-q", "/dev/null", ...sized];
  return ["script", "-qfec", sized.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" "), "/dev/null"];
}
