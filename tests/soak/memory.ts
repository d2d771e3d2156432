/**
 * How much memory a process takes, and whether that grows.
 *
 * @module
 */

/** The resident memory of a process, in bytes. Linux and macOS. */
export async function residentMemory(pid: number): Promise<number> {
  if (Deno.build.os === "linux") {
    return Number(/VmRSS:\s+(\d+)/.exec(await Deno.readTextFile(`/proc/${pid}/status`))![1]) * 1024;
  }
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] }).output();
  return Number(new TextDecoder().decode(stdout)) * 1024;
}

/** How many parts the samples are looked at in, once the first has shown how much a busy server takes. */
const PARTS = 4;
/** Growth from part to part that is none: of these bytes or this share, whichever is more, from the second to the last. */
const SLACK = 8 * 1024 * 1024;
const SLACK_SHARE = 0.1;

/**
 * Whether memory grows steadily: the least of each quarter is more than that of the quarter before, and the last one much
 * more than the second. The least, because garbage comes and goes; without the first, in which a server warms up.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const MB = 1e6;
 * assertEquals(growsSteadily([90, 100, 150, 101, 140, 100, 150, 101].map((size) => size * MB)), false);
 * assertEquals(growsSteadily([90, 100, 120, 125, 140, 150, 170, 175].map((size) => size * MB)), true);
 * ```
 */
export function growsSteadily(samples: readonly number[]): boolean {
  const least = leastOfParts(samples);
  const growth = least[PARTS - 1]! - least[1]!;
  return least.every((size, i) => i < 2 || size > least[i - 1]!) && growth > Math.max(SLACK, least[1]! * SLACK_SHARE);
}

/** The least of each quarter of the samples. */
export function leastOfParts(samples: readonly number[]): number[] {
  const size = samples.length / PARTS;
  return Array.from(
    { length: PARTS },
    (_, i) => Math.min(...samples.slice(Math.floor(i * size), Math.floor((i + 1) * size))),
  );
}
