/**
 * Which processes there are, and whose.
 *
 * @module
 */

/** A process of this machine. */
export interface Process {
  /** Its number. */
  readonly pid: number;
  /** The number of the process that has started it; 1 once that has ended. */
  readonly parent: number;
  /** The number of the group that it is in. */
  readonly group: number;
  /** The memory that it takes at the moment, in bytes, with what it shares with others. */
  readonly memory: number;
  /** The processor time that it has taken, in milliseconds. */
  readonly processorTime: number;
}

/** Linux counts processor time in hundredths of a second, wherever it is told to programs. */
const TICK = 10;

/** Reads all processes there are; none where the system has no way to tell. */
export async function readProcesses(): Promise<Process[]> {
  switch (Deno.build.os) {
    case "linux": {
      // Deno lets nobody read /proc who may not do everything, and ps is not everywhere.
      const script = "getconf PAGESIZE || echo 4096; cat /proc/[0-9]*/stat 2>/dev/null";
      const [pageSize, ...lines] = (await outputOf("sh", ["-c", script])).split("\n");
      return lines.flatMap((line) => readStat(line, Number(pageSize)));
    }
    case "windows":
      return [];
    default:
      return (await outputOf("ps", ["-A", "-o", "pid=,ppid=,pgid=,rss=,time="])).split("\n").flatMap(readPs);
  }
}

/** The process and all that it has started, as far as those who started them are still there; the process first. */
export async function familyOf(pid: number): Promise<number[]> {
  return family(await readProcesses(), pid).map((process) => process.pid);
}

/** The processor time of a process and all that it has started, in milliseconds; nothing where the system does not tell. */
export async function processorTimeOf(pid: number): Promise<number | undefined> {
  const processes = family(await readProcesses(), pid);
  if (processes.length === 0) return undefined;
  return processes.reduce((sum, { processorTime }) => sum + processorTime, 0);
}

function family(processes: readonly Process[], pid: number): Process[] {
  const members = processes.filter((process) => process.pid === pid);
  for (const { pid } of members) members.push(...processes.filter(({ parent }) => parent === pid));
  return members;
}

/** A line of `/proc/PID/stat`; the program's name in it may hold anything. */
function readStat(line: string, pageSize: number): Process[] {
  const [, pid, rest] = /^(\d+) \(.*\) (.*)$/s.exec(line) ?? [];
  if (pid === undefined || rest === undefined) return [];
  const fields = rest.split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return [{
    pid: Number(pid),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    memory: Number(fields[21]) * pageSize,
    processorTime: ticks * TICK,
  }];
}

/** A line of `ps`: `  71   1   71  1024   0:03.25`. */
function readPs(line: string): Process[] {
  const [, pid, parent, group, memory, time] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d:.-]+)/.exec(line) ?? [];
  if (time === undefined) return [];
  const seconds = time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return [{
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    memory: Number(memory) * 1024,
    processorTime: seconds * 1000,
  }];
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(program, { args: [...args], stderr: "null", stdin: "null" }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    // A machine without it tells nothing.
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
