/**
 * What a server and all that it has started take of the system, as its own programs tell it: reading /proc takes more permissions than
 * running `ps`.
 *
 * @module
 */

/** What a group of processes takes. */
export interface ProcessFigures {
  /** How many processes there are. */
  readonly processes: number;
  /** How many threads they have. */
  readonly threads: number;
  /** How many descriptors they have open. */
  readonly descriptors: number;
  /** The memory that is theirs at the moment, in KiB. */
  readonly memory: number;
  /** The processor time that they have taken so far, in seconds. */
  readonly processorTime: number;
}

const IS_LINUX = Deno.build.os === "linux";

/**
 * Asks for those of a group of processes. Gives nothing where the system does not tell, or the group is gone.
 *
 * @param group the number of the group, which is that of its first process.
 */
export async function processFigures(group: number): Promise<ProcessFigures | undefined> {
  if (Deno.build.os !== "linux" && Deno.build.os !== "darwin") return undefined;
  const columns = ["pid=", "pgid=", "rss=", "time=", ...IS_LINUX ? ["nlwp="] : []];
  const table = await outputOf("ps", ["-A", ...columns.flatMap((column) => ["-o", column])]);
  const rows = (table ?? "").split("\n").map((line) => line.trim().split(/\s+/)).filter(([, pgid]) =>
    pgid === `${group}`
  );
  if (rows.length === 0) return undefined;
  const pids = rows.map(([pid = ""]) => pid);
  const descriptors = await Promise.all(pids.map(descriptorsOf));
  const threads = await Promise.all(
    rows.map(([pid = "", , , , nlwp]) => nlwp === undefined ? threadsOf(pid) : Number(nlwp)),
  );
  const times = IS_LINUX ? await Promise.all(pids.map(ticksOf)) : rows.map(([, , , time = ""]) => secondsIn(time));
  return {
    processes: rows.length,
    threads: sum(threads),
    descriptors: sum(descriptors),
    memory: sum(rows.map(([, , rss]) => Number(rss))),
    processorTime: sum(times),
  };
}

/** How many descriptors a process has open. */
async function descriptorsOf(pid: string): Promise<number> {
  if (IS_LINUX) return lines(await outputOf("ls", [`/proc/${pid}/fd`]));
  return lines((await outputOf("lsof", ["-p", pid, "-F", "f"]))?.replace(/^p.*\n/, ""));
}

/** How many threads a process has, where `ps` has a line for each behind a title. */
async function threadsOf(pid: string): Promise<number> {
  return Math.max(0, lines(await outputOf("ps", ["-M", "-p", pid])) - 1);
}

/** The processor time of a process, in seconds: `ps` tells whole ones only. */
async function ticksOf(pid: string): Promise<number> {
  const stat = await outputOf("cat", [`/proc/${pid}/stat`]);
  // The name, in brackets, may have blanks.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / 100;
}

/** `1:02.50` in seconds. */
function secondsIn(time: string): number {
  return time.split(/[:-]/).reduce((total, part) => total * 60 + Number(part), 0);
}

function lines(text: string | undefined): number {
  return (text ?? "").split("\n").filter((line) => line !== "").length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What a program says, if there is such a program, and it succeeds. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const command = new Deno.Command(program, { args: [...args], stdin: "null", stderr: "null", env: { LC_ALL: "C" } });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
