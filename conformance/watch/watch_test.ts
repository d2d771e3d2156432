import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import type { ConformOptions } from "../conform_options.ts";
import { reportDataOf } from "../reports/testing/report_data.ts";
import { someResult, someRun } from "../reports/testing/results.ts";
import type { PlayedRun } from "./played.ts";
import type { FileStamps } from "./file_watch.ts";
import type { TerminalEvents, WatchTerminal } from "./watch_terminal.ts";
import { type Play, watch } from "./watch.ts";

const OPTIONS: ConformOptions = {
  targets: [],
  filters: [],
  list: false,
  strict: false,
  timeout: 1,
  jobs: 1,
  fixtures: [],
  embedded: true,
};

const FAILED = someResult({ name: "relay/talk", verdict: "fail" });
const MENDED = someResult({ name: "relay/talk" });

function played(result: typeof FAILED): PlayedRun {
  const { targets, status } = reportDataOf([someRun([result])]);
  return { status: result === FAILED ? status : 0, reports: targets, lastOutput: [] };
}

/** What somebody has around them who watches: files, a terminal that may be there, and what is played, a second each time. */
class Desk {
  readonly time = new VirtualTime(1);
  readonly runs: string[] = [];
  readonly interrupted = new AbortController();
  out = "";
  err = "";
  shown: readonly string[] = [];
  isClosed = false;
  #files: FileStamps = new Map([["server.py", "0"]]);
  #events: TerminalEvents | undefined;

  /** Watches, while these things happen. */
  run(
    hasTerminal: boolean,
    plays: readonly PlayedRun[],
    happenings: Readonly<Record<number, (desk: Desk) => void>>,
  ): Promise<number> {
    const left = [...plays];
    const play: Play = async (options, { interrupted }, watcher) => {
      this.runs.push(`${this.time.now()}: ${[...watcher.failed].join()}${options.filters.join()}`);
      await new Promise<void>((resolve) => {
        this.time.after(1_000, resolve);
        interrupted?.addEventListener("abort", () => this.time.after(10, resolve));
      });
      if (interrupted?.aborted) return { status: 2, reports: [], lastOutput: [] };
      return left.shift()!;
    };
    for (const [at, happens] of Object.entries(happenings)) this.time.after(Number(at), () => happens(this));
    const io = {
      out: (text: string) => this.out += text,
      err: (text: string) => this.err += text,
      isTerminal: hasTerminal,
      color: false,
      interrupted: this.interrupted.signal,
    };
    const openTerminal = (events: TerminalEvents): WatchTerminal => {
      this.#events = events;
      return {
        room: { columns: 80, rows: 24 },
        show: (rows) => this.shown = rows,
        close: () => this.isClosed = true,
      };
    };
    return this.time.run(() =>
      watch(OPTIONS, { paths: [] }, io, play, {
        runtime: this.time,
        files: { stamps: () => Promise.resolve(this.#files) },
        openTerminal: hasTerminal ? openTerminal : undefined,
      })
    );
  }

  save(file: string): void {
    this.#files = new Map(this.#files).set(file, String(this.time.now()));
  }

  press(...keys: readonly string[]): void {
    this.#events!.onKeys(keys);
  }
}

Deno.test("in a pipe, a block is written for each run, and a signal ends it with its status", async () => {
  const desk = new Desk();
  const status = await desk.run(false, [played(FAILED), played(MENDED)], {
    2_000: () => desk.save("server.py"),
    5_000: () => desk.interrupted.abort(130),
  });
  assertEquals([status, desk.err], [130, ""]);
  assertEquals(desk.runs, ["0: ", "2100: relay/talk"]);
  assertMatch(desk.out, /^run 1, [\d:]{8}: the first run\nrelay at 127\.0\.0\.1:4000: does not conform to relay/);
  assertMatch(desk.out, /^First: the server breaks relay\/talk/m);
  assertMatch(desk.out, /^run 2, [\d:]{8}: server\.py changed\nrelay at 127\.0\.0\.1:4000: conforms to relay/m);
});

Deno.test("a change during a run ends it, and all begins anew", async () => {
  const desk = new Desk();
  await desk.run(false, [played(MENDED)], {
    300: () => desk.save("server.py"),
    5_000: () => desk.interrupted.abort(143),
  });
  assertEquals(desk.runs, ["0: ", "610: "]);
  assertEquals(desk.out.match(/^run/gm)?.length, 1);
});

Deno.test("a terminal is given back, what was found stays on it, and the status is that of the last run", async () => {
  const desk = new Desk();
  const status = await desk.run(true, [played(FAILED), played(FAILED)], {
    1_500: () => desk.press("c", "enter"),
    4_000: () => {
      assertEquals([desk.shown[0], desk.shown.length, desk.out], ["run 2: asked for", 24, ""]);
      desk.press("q");
    },
  });
  assertEquals([status, desk.isClosed], [1, true]);
  assertEquals(desk.runs, ["0: ", "1500: relay/talk"]);
  assertMatch(desk.out, /^run 2, [\d:]{8}: asked for\n/);
});

Deno.test("what no change can mend ends it, and what one can is waited for", async () => {
  const desk = new Desk();
  const wrong: PlayedRun = { status: 2, error: new ChatError("bad-grading", "no"), reports: [], lastOutput: [] };
  await assertRejects(() => desk.run(true, [wrong], {}), ChatError, "no");
  assertEquals(desk.isClosed, true);
  const gone: PlayedRun = {
    status: 3,
    error: new ChatError("unreachable", "the server has ended with exit status 1"),
    reports: [],
    lastOutput: ["SyntaxError: nonsense"],
  };
  const other = new Desk();
  const status = await other.run(false, [gone, played(MENDED)], {
    3_000: () => other.save("server.py"),
    6_000: () => other.interrupted.abort(130),
  });
  assertEquals([status, other.runs.length], [130, 2]);
  assertMatch(other.out, /exit status 1\n {2}SyntaxError: nonsense\n[^]*run 2[^]*conforms to relay/);
});
