/**
 * `chat conform --watch`: plays all again whenever files change, what failed first, and shows what to do first.
 *
 * @module
 */

import { ChatError, type ErrorCode } from "../../lib/core/error.ts";
import type { Runtime, Timer } from "../../lib/core/runtime.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import type { ConformOptions } from "../conform_options.ts";
import type { ConformIo } from "../io.ts";
import { paint } from "../reports/text/paint.ts";
import { STATUS } from "../results/exit_status.ts";
import { readCommand } from "../run/server/command.ts";
import { build } from "./build.ts";
import { DiskTree, pathsOf } from "./disk_tree.ts";
import { type FileTree, FileWatch } from "./file_watch.ts";
import type { PlayedRun, RunWatcher, WatchRequest } from "./played.ts";
import { afterEvent, beginWatching, type PlayRequest, type WatchEvent, type WatchStep } from "./watch_state.ts";
import { openTerminal, type TerminalEvents, type WatchTerminal } from "./watch_terminal.ts";
import { blockOf, screenOf } from "./watch_view.ts";

/** Plays once: see `conform.ts`. */
export type Play = (options: ConformOptions, io: ConformIo, watcher: RunWatcher) => Promise<PlayedRun>;

/** What is around it. */
export interface WatchSurroundings {
  /** Time. */
  readonly runtime: Runtime;
  /** The files that are watched. */
  readonly files: FileTree;
  /** Builds the program before it is played; gives what keeps it from being played. */
  readonly build?: ((interrupted: AbortSignal) => Promise<PlayedRun | undefined>) | undefined;
  /** Takes the terminal, if there is one. */
  readonly openTerminal?: ((events: TerminalEvents) => WatchTerminal) | undefined;
}

/** The least time between two pictures, in milliseconds. */
const BETWEEN_PICTURES = 50;

/** What a run may be kept from by something that a change of a file can mend; anything else ends it all. */
const WAITED_FOR: ReadonlySet<ErrorCode> = new Set([
  "unreachable",
  "server-command",
  "port-in-use",
  "closed-at-once",
  "undetected",
  "fixture",
  "timed-out",
  "shortage",
]);

/**
 * Plays until somebody has seen enough.
 *
 * @returns The exit status: of a signal if one has ended it, or else that of the last run.
 * @throws {ChatError} What keeps the first run from being played, and no change of a file will mend.
 */
export async function watch(
  options: ConformOptions,
  request: WatchRequest,
  io: ConformIo,
  play: Play,
  surroundings: WatchSurroundings = realSurroundings(options, request, io),
): Promise<number> {
  const { runtime, files } = surroundings;
  const seen = await files.stamps();
  if (request.paths.length > 0 && seen.size === 0) {
    throw new ChatError("usage", `there are no files in ${request.paths.join(", ")}: nothing would be watched`);
  }
  const colors = paint(io.color);
  const over = Promise.withResolvers<number>();
  let { state, actions }: WatchStep = beginWatching();
  let status: number = STATUS.conforms;
  let running = new AbortController();
  let picture: Timer | undefined;
  let terminal: WatchTerminal | undefined;
  let parting = "";

  const draw = () => {
    if (terminal === undefined) return;
    picture ??= runtime.after(BETWEEN_PICTURES, () => {
      picture = undefined;
      if (terminal !== undefined) terminal.show(screenOf(state, terminal.room, colors));
    });
  };
  const happens = (event: WatchEvent) => {
    ({ state, actions } = afterEvent(state, event));
    act();
    draw();
  };
  const act = () => {
    for (const action of actions) {
      switch (action.kind) {
        case "play":
          running = new AbortController();
          void playOne(action.request, running.signal).catch(over.reject);
          break;
        case "break off":
          running.abort("something else is to be played");
          break;
        case "tell":
          status = action.last.status;
          if (terminal === undefined) io.out(`${blockOf(state, action.last, timeOf(runtime))}\n`);
          break;
        case "end":
          over.resolve(status);
      }
    }
  };
  const playOne = async ({ failed, clauses }: PlayRequest, interrupted: AbortSignal) => {
    const began = runtime.now();
    const asked = clauses === undefined ? options : { ...options, filters: clauses };
    // What others would read between the pictures is told in them.
    const err = (text: string) => happens({ kind: "note", text: text.trim().replace(/^chat conform: /, "") });
    const quiet: ConformIo = { out: () => {}, err, isTerminal: false, color: false, interrupted };
    const wrong = await buildOnce(interrupted);
    const played = wrong ?? await play(asked, quiet, {
      failed,
      planned: (fixtures) => happens({ kind: "planned", fixtures }),
      trying: (gate) => happens({ kind: "trying", gate }),
      played: (result) => happens({ kind: "played", result }),
      playedFirst: (report) => happens({ kind: "played first", report }),
    });
    const { error } = played;
    if (error !== undefined && state.last === undefined && !WAITED_FOR.has(error.code)) throw error;
    if (played.status === STATUS.nothing && clauses === undefined) {
      parting = `chat conform: ${state.note}\n`;
      return over.resolve(played.status);
    }
    // What has changed until now has changed beside the program.
    await watching.look();
    happens({ kind: "ended", played, duration: runtime.now() - began });
  };

  const buildOnce = async (interrupted: AbortSignal) => {
    if (surroundings.build === undefined) return undefined;
    happens({ kind: "building" });
    const wrong = await surroundings.build(interrupted);
    // What has changed until now, the build has changed.
    await watching.look();
    happens({ kind: "built" });
    return wrong;
  };

  const onChange = (changed: readonly string[]) => happens({ kind: "changed", files: changed });
  const watching = new FileWatch(files, seen, runtime, onChange, over.reject);
  const stop = () => happens({ kind: "stop" });
  io.interrupted?.addEventListener("abort", stop);
  try {
    terminal = surroundings.openTerminal?.({
      onKeys: (keys) => {
        for (const key of keys) {
          if (key === "interrupt") stop();
          else happens({ kind: "key", key });
        }
      },
      onResize: draw,
    });
    act();
    draw();
    const last = await over.promise;
    return typeof io.interrupted?.reason === "number" ? io.interrupted.reason : last;
  } finally {
    running.abort("over");
    watching.close();
    picture?.cancel();
    io.interrupted?.removeEventListener("abort", stop);
    terminal?.close();
    // What was on the screen is gone with it.
    if (terminal !== undefined && state.last !== undefined) {
      io.out(blockOf(state, state.last, timeOf(runtime)));
    }
    if (parting !== "") io.err(parting);
  }
}

function timeOf(runtime: Runtime): string {
  return new Date(runtime.wallClock()).toTimeString().slice(0, 8);
}

function realSurroundings(
  { serverCommand, client, fixtures, reports = [], writeExpect, reproduce }: ConformOptions,
  { paths, build: request }: WatchRequest,
  io: ConformIo,
): WatchSurroundings {
  const commands = [serverCommand, client?.command].filter((command) => command !== undefined);
  const isFile = (path: string) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  const given = paths.length > 0
    ? paths
    : commands.flatMap((command) => pathsOf(readCommand(command), Deno.cwd(), isFile));
  // One's own fixtures may have to be mended as well.
  const own = [...reports.map(({ file }) => file), writeExpect, reproduce].filter((path) => path !== undefined);
  const files = new DiskTree([...new Set([...given, ...fixtures])], own);
  return {
    runtime: REAL_TIME,
    files,
    build: request && ((interrupted) => build(request, interrupted)),
    openTerminal: io.isTerminal ? (events) => openTerminal(io, events) : undefined,
  };
}
