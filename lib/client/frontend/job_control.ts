/**
 * Stopping and going on as a job of the shell's does.
 *
 * @module
 */

/** What a program needs so that Ctrl-Z suspends it. */
export interface JobControl {
  /** Whether we may have ourselves stopped. */
  readonly mayStop: boolean;
  /** Stops the whole job; does nothing where there is no shell that could have it go on. Resolves when it goes on. */
  stop(): Promise<void>;
  /** Names who is told that the program goes on; returns how to be told no more. */
  onContinue(listener: () => void): () => void;
}

/** What stands for the process group of whoever sends a signal: all that the shell has started as one job. */
const OUR_JOB = 0;

/** The system's; `undefined` on Windows, which has nothing of that kind. */
export function systemJobControl(): JobControl | undefined {
  if (Deno.build.os === "windows") return undefined;
  return {
    get mayStop() {
      return Deno.permissions.querySync({ name: "run" }).state === "granted";
    },
    async stop() {
      // `deno task` does not stop when the terminal, or we, politely ask for it, and the shell waits for it and not for us.
      // What SIGSTOP stops where no shell waits stays stopped for ever; SIGTSTP does nothing there.
      Deno.kill(OUR_JOB, isJobOfShell(await listProcesses(), Deno.pid) ? "SIGSTOP" : "SIGTSTP");
    },
    onContinue(listener) {
      Deno.addSignalListener("SIGCONT", listener);
      return () => Deno.removeSignalListener("SIGCONT", listener);
    },
  };
}

/** All processes of the system, as `ps` lists them; an empty text where that is missing. */
async function listProcesses(): Promise<string> {
  const columns = ["pid", "ppid", "pgid", "tty"].flatMap((name) => ["-o", `${name}=`]);
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-A", ...columns], stdin: "null", stderr: "null" })
      .output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/**
 * Says whether a process belongs to a job that a shell at the same terminal has started, and can have go on again: some
 * process of its group has a parent outside of the group and at the same terminal. Takes lines of process, parent, group and
 * terminal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const shellAndTask = "10 1 10 pts/1\n20 10 20 pts/1\n21 20 20 pts/1\n";
 * assertEquals(isJobOfShell(shellAndTask, 21), true);
 * assertEquals(isJobOfShell("1 0 1 ?\n20 1 20 pts/1\n", 20), false);
 * ```
 */
export function isJobOfShell(processes: string, pid: number): boolean {
  const rows = new Map(
    processes.split("\n").map((line) => line.trim().split(/\s+/)).map(([id, parent, group, terminal]) =>
      [Number(id), { parent: Number(parent), group, terminal }] as const
    ),
  );
  const own = rows.get(pid);
  if (own === undefined) return false;
  return [...rows.values()].some(({ parent, group }) => {
    const above = rows.get(parent);
    return group === own.group && above !== undefined && above.group !== group && above.terminal === own.terminal;
  });
}
