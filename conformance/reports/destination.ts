/**
 * A file that a run will write: opened before it begins, so that it cannot fail for that when all is done.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/** A file, open for writing. */
export class Destination implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  /** Whether it is to be gone again if nothing is written. */
  #isProvisional: boolean;

  private constructor(file: Deno.FsFile, path: string, isProvisional: boolean) {
    this.#file = file;
    this.#path = path;
    this.#isProvisional = isProvisional;
  }

  /**
   * Opens a file; makes it if it is not there. `emptied` throws away at once what is in it: a report of an earlier run must
   * not be taken for one of this run. What is `kept` stays as it is until it is replaced, also that there is none. Throws
   * `unwritable`, in a line that begins with `what`.
   */
  static async open(path: string, what: string, content: "emptied" | "kept"): Promise<Destination> {
    try {
      const isNew = content === "kept" && !await exists(path);
      const file = await Deno.open(path, { write: true, create: true, truncate: content === "emptied" });
      return new Destination(file, path, isNew);
    } catch (cause) {
      throw new ChatError("unwritable", `${what} ${path} cannot be written: ${await whyNot(path, cause)}`, { cause });
    }
  }

  /** Replaces all that is in the file, and closes it. */
  async replace(text: string): Promise<void> {
    this.#isProvisional = false;
    try {
      // What has no length, like a pipe, cannot be cut.
      if ((await this.#file.stat()).isFile) await this.#file.truncate(0);
      for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
        rest = rest.subarray(await this.#file.write(rest));
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ChatError("unwritable", `${this.#path} could not be written to its end: ${why}`, { cause });
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
    if (this.#isProvisional) Deno.removeSync(this.#path);
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

async function whyNot(path: string, error: unknown): Promise<string> {
  const folder = /^(.*)[/\\][^/\\]*$/.exec(path)?.[1];
  if (error instanceof Deno.errors.NotFound && folder !== undefined) return `there is no folder ${folder}`;
  const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
  if (isFolder) return "it is a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "that is not allowed";
  return error instanceof Error ? error.message : String(error);
}
