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
  /** Whether it has a mark that was looked for. */
  readonly isMarked: boolean;
  /** The processor time that it has taken, in milliseconds. */
  readonly processorTime: number;
}

/**
 * Reads them on Linux: Deno lets nobody read /proc who may not do everything, and ps is not everywhere. Environments can be read of
 * one's own processes alone, and some end meanwhile.
 */
const READ = `
getconf PAGESIZE || echo 4096
cat /proc/[0-9]*/stat 2>/dev/null
[ -z "$1" ] || grep -lsF "$1" /proc/[0-9]*/cgroup 2>/dev/null
[ -z "$2" ] || exec grep -lsF "$2" /proc/[0-9]*/environ 2>/dev/null
`;
/** Linux counts processor time in hundredths of a second, wherever it is told to programs. */
const TICK = 10;

/**
 * Reads all processes there are; none where the system has no way to tell.
 *
 * @param mark A word, of which it is told who has it in the name of a control group, where the system (Linux) shows that.
 * @param inEnvironment A word, of which the same is told of environments. To read that of a process that forks takes long: it must wait.
 */
export async function readProcesses(mark = "", inEnvironment = ""): Promise<Process[]> {
  switch (Deno.build.os) {
    case "linux": {
      const text = await outputOf("sh", ["-c", READ, "sh", mark, inEnvironment]);
      const [pageSize = "", ...lines] = text.split("\n");
      const marked = new Set(lines.flatMap((line) => /^\/proc\/(\d+)\//.exec(line)?.[1] ?? []).map(Number));
      return lines.flatMap((line) => readStat(line, Number(pageSize))).map((one) => ({
        ...one,
        isMarked: marked.has(one.pid),
      }));
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
function readStat(line: string, pageSize: number): Omit<Process, "isMarked">[] {
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
    isMarked: false,
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
