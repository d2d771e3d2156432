/**
 * A file that a run will write: tried before it begins, so that it cannot fail for that when all is done, and replaced as a whole,
 * so that nobody ever reads half of it.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/** A file, or what else can be written to by a name, like a pipe. */
export class Destination implements Disposable {
  readonly #path: string;
  /** Of what cannot be replaced as a whole. */
  readonly #stream: Deno.FsFile | undefined;

  private constructor(path: string, stream: Deno.FsFile | undefined) {
    this.#path = path;
    this.#stream = stream;
  }

  /**
   * Tries whether it can be written. What is in it stays until it is replaced, also that there is none. Throws `unwritable`, in a
   * line that begins with `what`.
   */
  static async open(path: string, what: string): Promise<Destination> {
    try {
      const isNew = !await exists(path);
      const file = await Deno.open(path, { write: true, create: true });
      if (!(await file.stat()).isFile) return new Destination(path, file);
      file.close();
      // What a link stands for is replaced, and not the link.
      const real = await Deno.realPath(path);
      if (isNew) await Deno.remove(real);
      return new Destination(real, undefined);
    } catch (cause) {
      throw new ChatError("unwritable", `${what} ${path} cannot be written: ${await whyNot(path, cause)}`, { cause });
    }
  }

  /** What it is, whatever it is called: a file's path; `undefined` of what can take more than one text. */
  get file(): string | undefined {
    return this.#stream === undefined ? this.#path : undefined;
  }

  /** Replaces all that is in it. */
  async replace(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    try {
      if (this.#stream === undefined) await replaceFile(this.#path, bytes);
      else for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#stream.write(rest));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ChatError("unwritable", `${this.#path} could not be written to its end: ${why}`, { cause });
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#stream?.close();
  }
}

/** Writes a file beside it, which takes its name once it is whole. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    const mode = await Deno.stat(path).then(({ mode }) => mode, () => null);
    await Deno.writeFile(beside, bytes, { createNew: true });
    if (mode !== null && Deno.build.os !== "windows") await Deno.chmod(beside, mode & 0o7777);
    await Deno.rename(beside, path);
  } catch (cause) {
    await Deno.remove(beside).catch(() => {});
    // Some may write a file, and nothing beside it.
    if (!(cause instanceof Deno.errors.PermissionDenied)) throw cause;
    await Deno.writeFile(path, bytes);
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
