/**
 * `deno task simulate [--seed N] [--messages N] [--trace]`: everybody talks to everybody in a simulated world, and every message
 * is followed to its end. The same seed does the same.
 *
 * @module
 */

import { Hung } from "../../lib/simulation/virtual_time.ts";
import { Violation } from "./message_tracker.ts";
import { simulate } from "./simulate.ts";

const USAGE = "usage: deno task simulate [--seed N] [--messages N] [--trace]";

/** Wrong arguments. */
class UsageError extends Error {}

/** What the arguments say. */
function parse(args: readonly string[]): { seed: number; messages: number; isTraced: boolean } {
  const parsed = {
    seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    messages: 1_000_000,
    isTraced: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i]!.split("=", 2);
    if (name === "--trace" && inline === undefined) parsed.isTraced = true;
    else if (name === "--seed" || name === "--messages") {
      const text = inline ?? args[++i] ?? "";
      const value = Number(text);
      const least = name === "--seed" ? 0 : 1;
      if (!/^[0-9]+$/.test(text) || value < least || value > 0xffffffff) {
        throw new UsageError(
          `${name} takes a whole number from ${least} to ${0xffffffff}, not ${JSON.stringify(text)}`,
        );
      }
      parsed[name === "--seed" ? "seed" : "messages"] = value;
    } else throw new UsageError(`there is no argument ${JSON.stringify(args[i])}`);
  }
  return parsed;
}

/** Synchronously: a trace is long, and whoever reads it may stop. */
function say(text: string, stream: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  let rest = new TextEncoder().encode(`${text}\n`);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

async function main(): Promise<number> {
  try {
    const { seed, messages, isTraced } = parse(Deno.args);
    say(`simulate: --seed ${seed} --messages ${messages}`);
    const began = performance.now();
    const result = await simulate({ seed, messages, ...isTraced ? { reader: (line: string) => say(line) } : {} });
    const seconds = (performance.now() - began) / 1000;
    const { sent, confirmed, confirmedToAll, refused, unknown, arrivals } = result.counts;
    say(
      `${sent} messages = confirmed ${confirmed} (to everybody ${confirmedToAll}) + refused ${refused} + ` +
        `nobody can know ${unknown}; ${arrivals} arrivals`,
    );
    say(`${result.lives} lives, ${(result.duration / 1000).toFixed(1)} s of virtual time, ${result.events} events`);
    for (const line of [...result.messageCounters, ...result.closeCounters]) say(line);
    say(`everything held (${seconds.toFixed(1)} s, ${Math.round(sent / seconds)} messages a second)`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      say(`simulate: ${error.message}\n${USAGE}`, Deno.stderr);
      return 2;
    }
    if (!(error instanceof Violation) && !(error instanceof Hung)) throw error;
    say(`FAILED: ${error.message}`, Deno.stderr);
    return 1;
  }
}

Deno.exit(await main());
