/**
 * How much processor time the server took for what was measured: steadier than throughput where the machine is busy.
 *
 * @module
 */

import type { Measured } from "./latencies.ts";

/** Linux counts processor time in hundredths of a second, wherever Deno runs. */
const TICK_MICROSECONDS = 10_000;

/** The processor time that a process has used so far, in microseconds; `undefined` where the system does not say. */
export function processorTime(pid: number): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  // Behind the program's name, which is in parentheses and may hold anything, user and system time are 12th and 13th.
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS;
}

/** Measures, and adds the processor time that the server took between two points in time, for each message. */
export async function withProcessor(
  { server }: { readonly server?: number | undefined },
  start: number,
  end: number,
  measure: () => Promise<Measured>,
): Promise<Measured> {
  if (server === undefined) return await measure();
  const at = (time: number) =>
    new Promise<number | undefined>((resolve) => {
      setTimeout(() => resolve(processorTime(server)), Math.max(0, time - performance.now()));
    });
  const [before, after, measured] = await Promise.all([at(start), at(end), measure()]);
  if (before === undefined || after === undefined) return measured;
  return { ...measured, processor: (after - before) / (measured.rate * (end - start) / 1000) };
}
