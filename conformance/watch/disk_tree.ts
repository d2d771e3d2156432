/**
 * The files on a disk that are watched: those that people write, in folders that are looked through to the bottom.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { FileStamps, FileTree } from "./file_watch.ts";

/** What programs make, and what is not the user's own. Folders whose names begin with a dot are left out as well. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  "__pycache__",
  "bin",
  "build",
  "cmake-build-debug",
  "coverage",
  "dist",
  "node_modules",
  "obj",
  "out",
  "target",
  "vendor",
  "venv",
]);

/** What editors leave for a moment, and what programs make: `.server.py.swp`, `server.py~`, `#server.py#`, `4913`, `server.pyc`. */
const IGNORED_FILE = /^\.|~$|^#.*#$|^4913$|\.(?:log|tmp|temp|sw[a-z]|bak|pyc|pyo|o|obj|class|exe|dll|so|a)$/i;

/** More files than these cannot be looked at four times a second. */
const MOST_FILES = 10_000;

/** Whether a folder or a file of this name, found in a folder that is watched, is left out. */
export function isIgnored(name: string, isFolder: boolean): boolean {
  return isFolder ? name.startsWith(".") || IGNORED_FOLDERS.has(name) : IGNORED_FILE.test(name);
}

/** Files and folders of a disk. */
export class DiskTree implements FileTree {
  readonly #paths: readonly string[];
  readonly #own: ReadonlySet<string>;

  /**
   * @param paths What is watched, whatever its name is.
   * @param own Files and folders that we write ourselves: they are none of the program's.
   */
  constructor(paths: readonly string[], own: readonly string[]) {
    this.#paths = paths;
    this.#own = new Set(own.map((path) => absolute(path, Deno.cwd())));
  }

  /**
   * All files, each with its size and when it was written.
   *
   * @throws {ChatError} `usage` if there are too many.
   */
  async stamps(): Promise<FileStamps> {
    const stamps = new Map<string, string>();
    for (const path of this.#paths) await this.#add(path, stamps);
    return stamps;
  }

  /** What is gone in the meantime is not there. */
  async #add(path: string, stamps: Map<string, string>): Promise<void> {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info === undefined) return;
    if (info.isDirectory) return await this.#addFolder(path, stamps);
    stamps.set(this.#shown(path), `${info.size} ${info.mtime?.getTime()} ${info.ino}`);
    if (stamps.size > MOST_FILES) {
      throw new ChatError(
        "usage",
        `there are more than ${MOST_FILES} files in ${
          this.#paths.join(", ")
        }: say with --watch-path which are to be watched`,
      );
    }
  }

  #isOwn(path: string): boolean {
    return this.#own.size > 0 && this.#own.has(absolute(path, Deno.cwd()));
  }

  /** As people call it: below the folder that is watched, if there is only one. */
  #shown(path: string): string {
    const [folder = ""] = this.#paths;
    const isBelow = this.#paths.length === 1 && path.startsWith(`${folder}/`);
    return isBelow ? path.slice(folder.length + 1) : path.replace(/^\.\//, "");
  }

  async #addFolder(path: string, stamps: Map<string, string>): Promise<void> {
    const names: string[] = [];
    try {
      for await (const { name, isDirectory, isSymlink } of Deno.readDir(path)) {
        if (isIgnored(name, isDirectory) || this.#isOwn(below(path, name))) continue;
        if (isDirectory) await this.#addFolder(below(path, name), stamps);
        // A link to a folder may lead in a circle.
        else if (!isSymlink || await Deno.stat(below(path, name)).then(({ isFile }) => isFile, () => false)) {
          names.push(name);
        }
      }
    } catch (error) {
      if (error instanceof ChatError) throw error;
      return;
    }
    await Promise.all(names.map((name) => this.#add(below(path, name), stamps)));
  }
}

function below(folder: string, name: string): string {
  return folder === "." ? name : `${folder.replace(/[/\\]$/, "")}/${name}`;
}

/**
 * A path from the root, without detours.
 *
 * @param path Any path.
 * @param current The folder that it begins in, if it is none from the root.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(absolute("./a/../b.html", "/home/me"), "/home/me/b.html");
 * assertEquals(absolute("/tmp/b.html", "/home/me"), "/tmp/b.html");
 * ```
 */
export function absolute(path: string, current: string): string {
  const whole = /^(?:[/\\]|[A-Za-z]:)/.test(path) ? path : `${current}/${path}`;
  const parts: string[] = [];
  for (const part of slashed(whole).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/**
 * What is watched where nobody says: the folder in which the program is started if its files are in there, and the folders of the
 * files in its command that are elsewhere.
 *
 * @param command The words of the command.
 * @param current The folder in which it is started.
 * @param isFile Whether there is a file of that name.
 */
export function pathsOf(
  command: readonly string[],
  current: string,
  isFile: (path: string) => boolean,
): string[] {
  const files = command.filter(isFile);
  // Of /usr/bin/python3 server.py, the first is nobody's own.
  const own = files.length > 1 && files[0] === command[0] ? files.slice(1) : files;
  const root = `${slashed(current)}/`;
  const folders = own.flatMap((file) => {
    const name = slashed(file);
    const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ".";
    const isOutside = /^(?:\/|[A-Za-z]:)/.test(name) ? !`${folder}/`.startsWith(root) : name.startsWith("../");
    if (isOutside) return [folder === "" ? "/" : folder];
    // One that is not looked into otherwise.
    const inside = `${folder}/`.startsWith(root) ? `${folder}/`.slice(root.length, -1) : folder;
    return inside.split("/").some((part) => part !== "." && isIgnored(part, true)) ? [".", inside] : ["."];
  });
  return folders.length === 0 ? ["."] : [...new Set(folders)];
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
