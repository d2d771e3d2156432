/**
 * What the system says when it cannot read or write.
 *
 * @module
 */

/** The system's words for what went wrong, in one line and without its error number. */
export function systemErrorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").replace(/ \(os error \d+\)$/, "");
}

/** Whether it says that nobody reads any more, which is the reader's good right. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Error && "code" in error && error.code === "EPIPE";
}
