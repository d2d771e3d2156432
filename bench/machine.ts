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
