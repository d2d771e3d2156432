/**
 * Folders that a run writes files into.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/**
 * Makes a folder if it is not there.
 *
 * @param what what is to be written into it, for the error.
 * @throws {ChatError} `unwritable`, in one line, if nothing can be written in it.
 */
export async function openFolder(folder: string, what: string): Promise<void> {
  try {
    await Deno.mkdir(folder).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: ".chat-" }));
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "the folder that it should be in is not there"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ChatError("unwritable", `the folder ${folder} for ${what} cannot be written: ${why}`, { cause });
  }
}
