/**
 * A program that is run within limits, and of which nothing is left behind.
 *
 * @module
 */

import { readProcesses } from "../../client/process_table.ts";
import { REAL_TIME } from "../../../lib/transport/real_time.ts";
import { ProgramGuard } from "../../run/server/program_guard.ts";
import { ProgramOutput } from "../../run/server/program_output.ts";
import { sleep } from "../../play/sleep.ts";
import { CONTROL_GROUP_NAMES, ENTER_GROUPS, leaveGroups } from "./process_group.ts";
import { type Family, familyIn, passedBy, sizeText, type SubmissionLimits } from "./limits.ts";

/** What to run, and within which limits. */
export interface LimitedProgramOptions {
  /** Its words. */
  readonly words: readonly string[];
  /** The folder in which it runs. */
  readonly cwd: string;
  /** A folder for what it writes for the time being. */
  readonly temporary: string;
  /** What it may take. */
  readonly limits: SubmissionLimits;
  /** How long it may take to end by itself once it is asked to, in milliseconds; 0 if it is not asked. */
  readonly ending: number;
  /** Ends it at once. */
  readonly interrupted?: AbortSignal | undefined;
}

/** How it ended. */
export interface LimitedEnd {
  /** Its exit status. */
  readonly status: Deno.CommandStatus;
  /** The limit that it has passed, in a sentence without its subject. */
  readonly passed?: string;
  /** The last lines that it wrote. */
  readonly output: readonly string[];
}

/** What all that a submission starts has in its environment, and is found by in the end. */
const MARK = "CHAT_CONFORM_SUBMISSION";
const IS_WINDOWS = Deno.build.os === "windows";
/** How often its processes are looked at, in milliseconds. */
const BETWEEN_LOOKS = 250;
/** The same once it has passed a limit: what forks must not be given time for it. */
const BETWEEN_KILLS = 20;
/** At one of so many looks, environments are read as well. */
const THOROUGH = 4;
/** How often what is left behind is looked for in the end: each time it may have forked meanwhile. */
const MOST_LOOKS = 200;
/** How often its folders are measured, in milliseconds; going through them may take a while. */
const BETWEEN_MEASURES = 1_000;
/** How long its output may take to arrive once it has ended, in milliseconds. */
const LAST_OUTPUT = 500;
/** A single file may be so large whatever the limit is: our own reports are written under it, too. */
const LARGEST_FILE = 64 * 2 ** 20;
/** The size of a file has a limit that the system holds, also for who may do all; what crashes leaves no image of its memory. */
const BOUNDED = `${ENTER_GROUPS}
shift 2
ulimit -c 0 2>/dev/null
ulimit -f "$1" 2>/dev/null
shift
exec "$@"
`;
/** So many threads, in all, a program and each of its processes may have on top where the system counts them alike. */
const [THREADS, THREADS_EACH] = [400, 4];

/**
 * Runs a program to its end: its own, or that of its limits. Whatever it has started is ended then, as far as it can be found. Where
 * the system shows no processes (Windows), only its time is limited.
 */
export async function runLimited(options: LimitedProgramOptions): Promise<LimitedEnd> {
  const { cwd, temporary, limits, interrupted } = options;
  const mark = `${CONTROL_GROUP_NAMES}-${Deno.pid}-${REAL_TIME.random()}`;
  const words = bounded(options.words, mark, limits);
  const child = new Deno.Command(words[0]!, {
    args: words.slice(1),
    cwd,
    env: { [MARK]: mark, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const guard = new ProgramGuard(child.pid, mark, MARK);
  const output = new ProgramOutput([child.stdout, child.stderr]);
  const over = new AbortController();
  const program = new Limited(child, mark, guard, options, over.signal);
  const end = () => program.endNow();
  interrupted?.addEventListener("abort", end, { once: true });
  addEventListener("unload", end);
  if (interrupted?.aborted) end();
  const watching = program.watch();
  try {
    const status = await child.status;
    over.abort();
    await watching;
    await program.endRest();
    await guard.end();
    await leaveGroups(mark);
    await Promise.race([output.ended, sleep(REAL_TIME, LAST_OUTPUT)]);
    const { passed } = program;
    return { status, ...passed !== undefined && { passed }, output: output.tail };
  } finally {
    removeEventListener("unload", end);
    interrupted?.removeEventListener("abort", end);
    await output.cancel();
  }
}

function bounded(
  words: readonly string[],
  mark: string,
  { disk, processes }: SubmissionLimits,
): readonly string[] {
  if (IS_WINDOWS) return words;
  const blocks = Math.ceil(Math.max(disk, LARGEST_FILE) / 512);
  return ["sh", "-c", BOUNDED, "sh", mark, `${THREADS + THREADS_EACH * processes}`, `${blocks}`, ...words];
}

/** One that runs. */
class Limited {
  /** The limit that it has passed. */
  passed: string | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #mark: string;
  readonly #guard: ProgramGuard;
  readonly #options: LimitedProgramOptions;
  readonly #over: AbortSignal;
  #groups: ReadonlySet<number> = new Set();

  constructor(
    child: Deno.ChildProcess,
    mark: string,
    guard: ProgramGuard,
    options: LimitedProgramOptions,
    over: AbortSignal,
  ) {
    this.#child = child;
    this.#mark = mark;
    this.#guard = guard;
    this.#options = options;
    this.#over = over;
  }

  /** Watches it until it is over. */
  async watch(): Promise<void> {
    const looking = IS_WINDOWS ? [] : [this.#lookAtProcesses(), this.#measureFolders()];
    await Promise.all([this.#waitForDeadline(), ...looking]);
  }

  /** Ends it, and all of it that is known. */
  endNow(): void {
    // Once its first process has ended, nobody knows what it has started.
    if (IS_WINDOWS) endTree(this.#child.pid);
    signal(this.#child.pid, "SIGKILL");
    signal(-this.#child.pid, "SIGKILL");
    this.#endGroups();
  }

  /** Ends what it has left behind. */
  async endRest(): Promise<void> {
    if (IS_WINDOWS) return;
    let isThorough = false;
    for (let look = 0; look < MOST_LOOKS; look++) {
      // Where no program can be started to look, what is known is ended first.
      const family = await this.#look(isThorough).catch(() => undefined);
      this.#endGroups();
      if (family?.members.length !== 0) continue;
      if (isThorough) return;
      isThorough = true;
    }
  }

  async #waitForDeadline(): Promise<void> {
    const { time } = this.#options.limits;
    if (await this.#pause(time)) this.#end(`ran for more than ${time / 1_000} s`);
  }

  async #lookAtProcesses(): Promise<void> {
    for (let look = 1; await this.#pause(this.passed === undefined ? BETWEEN_LOOKS : BETWEEN_KILLS); look++) {
      try {
        const passed = passedBy(await this.#look(look % THOROUGH === 0), this.#options.limits);
        // Whatever it starts behind its end is ended as well.
        if ((passed ?? this.passed) !== undefined) this.#end(passed ?? "");
      } catch {
        // To look is to start a program, which fails where somebody has taken all that there is. The guard runs already.
        this.passed ??= "ran while the system could start no more programs";
        this.endNow();
        await this.#guard.end();
      }
    }
  }

  async #look(readsEnvironments: boolean): Promise<Family> {
    const processes = await readProcesses(this.#mark, readsEnvironments ? this.#mark : "");
    const family = familyIn(processes, this.#child.pid, this.#groups);
    this.#groups = family.groups;
    return family;
  }

  async #measureFolders(): Promise<void> {
    const { cwd, temporary, limits: { disk } } = this.#options;
    const before = await sizeOf([cwd, temporary]);
    for (let between = BETWEEN_MEASURES; await this.#pause(between);) {
      const began = REAL_TIME.now();
      const size = await sizeOf([cwd, temporary]);
      const grown = before === undefined || size === undefined ? 0 : size - before;
      // Where there is much to go through, most of the time goes into other things.
      between = Math.max(BETWEEN_MEASURES, 4 * (REAL_TIME.now() - began));
      if (grown > disk) this.#end(`wrote more than ${sizeText(disk)} (--max-disk): ${sizeText(grown)}`);
    }
  }

  /** Ends what it has started, and itself: it may say first what it knows. */
  #end(passed: string): void {
    const isFirst = this.passed === undefined;
    this.passed ??= passed;
    if (this.#options.ending === 0) return this.endNow();
    if (isFirst) {
      signal(this.#child.pid, "SIGTERM");
      this.#pause(this.#options.ending).then((isStillThere) => {
        if (isStillThere) this.endNow();
      });
    }
    this.#endGroups();
  }

  #endGroups(): void {
    // A group is ended in one step, whatever it starts meanwhile.
    for (const group of this.#groups) if (group !== this.#child.pid || this.#over.aborted) signal(-group, "SIGKILL");
  }

  /** Waits; says whether it is still there then. */
  #pause(milliseconds: number): Promise<boolean> {
    return sleep(REAL_TIME, milliseconds, this.#over).then(() => true, () => false);
  }
}

/** Windows has neither groups nor signals, and a program for what it has. */
function endTree(pid: number): void {
  try {
    new Deno.Command("taskkill", { args: ["/T", "/F", "/PID", `${pid}`], stdout: "null", stderr: "null" }).outputSync();
  } catch {
    // Its first process is ended all the same.
  }
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    // It has ended already, or somebody else runs it. Windows has no groups.
    const { NotFound, PermissionDenied } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof PermissionDenied || error instanceof TypeError)) throw error;
  }
}

/** How much is in some folders, in bytes; nothing where it cannot be measured. */
async function sizeOf(folders: readonly string[]): Promise<number | undefined> {
  try {
    const command = new Deno.Command("du", { args: ["-sk", ...folders], stdin: "null", stderr: "null" });
    const { stdout } = await command.output();
    const lines = new TextDecoder().decode(stdout).split("\n").map((line) => /^(\d+)\s/.exec(line)?.[1]);
    return lines.reduce((sum, kibibytes) => sum + Number(kibibytes ?? 0), 0) * 1024;
  } catch {
    // There is no such program, or none can be started at the moment.
    return undefined;
  }
}
