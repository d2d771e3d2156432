/**
 * Where a user's programs keep what they want to find again.
 *
 * @module
 */

/** The system, and one user's environment. */
export interface UserSystem {
  /** As `Deno.build.os` has it. */
  readonly os: string;
  /** The value of an environment variable. */
  env(name: string): string | undefined;
}

/**
 * The file of the history, or `undefined` where the user has no home: under `$XDG_STATE_HOME` where that is set; otherwise in
 * `~/.local/state`, on macOS in `~/Library/Application Support`, on Windows in `%LOCALAPPDATA%`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const env = (name: string) => name === "HOME" ? "/home/alice" : undefined;
 * assertEquals(historyPath({ os: "linux", env }), "/home/alice/.local/state/chat/history");
 * ```
 */
export function historyPath({ os, env }: UserSystem): string | undefined {
  if (os === "windows") {
    const local = env("LOCALAPPDATA");
    return local ? `${local}\\chat\\history` : undefined;
  }
  // The XDG base directory specification: a relative path is to be ignored.
  const state = env("XDG_STATE_HOME");
  if (state?.startsWith("/")) return `${state}/chat/history`;
  const home = env("HOME");
  if (!home?.startsWith("/")) return undefined;
  return os === "darwin" ? `${home}/Library/Application Support/chat/history` : `${home}/.local/state/chat/history`;
}
