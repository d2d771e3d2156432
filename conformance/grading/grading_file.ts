/**
 * The file that says what clauses are worth.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { type Grading, readGrading } from "./grading.ts";

/** Reads it; throws `bad-grading` for a file that cannot be read, and for a mistake in it. */
export async function openGrading(file: string): Promise<Grading> {
  return readGrading(await gradingText(file), file);
}

/** The text of it; throws `bad-grading` for a file that cannot be read. */
export async function gradingText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    const isMissing = cause instanceof Deno.errors.NotFound;
    const why = isMissing
      ? "it is not there; --write-grading makes one"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ChatError("bad-grading", `${file} cannot be read: ${why}`, { cause });
  }
}
