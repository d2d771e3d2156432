/**
 * The machine that was measured on.
 *
 * @module
 */

/** Processor, cores, memory, system and versions, in a line. */
export async function describeMachine(): Promise<string> {
  const cpu = Deno.build.os === "linux"
    ? /model name\s*: (.+)/.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1] ?? "unknown processor"
    : "unknown processor";
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const system = `${Deno.build.os} ${Deno.osRelease()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}: ${cpu}, ${navigator.hardwareConcurrency} cores shared by server and load generator, ${memory} GiB, ` +
    `${system}, Deno ${Deno.version.deno}.`;
}

/** What a server needs besides two descriptors for each relay user. */
const OTHER_DESCRIPTORS = 64;

/** How many relay users a process can serve here, 10,000 at most: each takes two descriptors. */
export function mostUsers(): number {
  const limit = Deno.build.os === "linux"
    ? Number(/Max open files\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/limits"))?.[1] ?? 1024)
    : 1024;
  return Math.min(10_000, Math.floor((limit - OTHER_DESCRIPTORS) / 2));
}
