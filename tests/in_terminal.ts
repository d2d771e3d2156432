/**
 * Tests of `chat connect` in a terminal.
 *
 * @module
 */

import { needs } from "../conformance/testing/needed_programs.ts";
import { type Listening, programWords, startServer } from "./program.ts";
import { TmuxPane } from "./tmux.ts";

/** What such a test begins with. */
export interface TerminalWorld extends Listening {
  /** Where the clients keep their state. */
  readonly folder: string;
}

/** Tests something of clients in terminals, with a server; skipped where there are none. */
export function inTerminal(name: string, test: (world: TerminalWorld) => Promise<void>): void {
  Deno.test({
    ...needs(["tmux"], `connect in a terminal: ${name}`),
    fn: () =>
      inFolder(async (folder) => {
        const listening = await startServer();
        await using _ = listening.server;
        await test({ ...listening, folder });
      }),
  });
}

/** Uses a folder that is there for that alone. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A terminal in which these words run, whose clients keep their state in this folder. */
export function paneIn(folder: string, words: readonly string[]): Promise<TmuxPane> {
  return TmuxPane.open(["env", `XDG_STATE_HOME=${folder}`, ...words]);
}

/** The words that run a client on a server of this machine. */
export function connectWords(port: number, ...words: readonly string[]): string[] {
  return [...programWords(), "connect", "--server", `127.0.0.1:${port}`, ...words];
}

/** Whether the last row of a terminal is this one. */
export function endsWith(row: string): (rows: string[]) => boolean {
  return (rows) => rows.at(-1) === row;
}
