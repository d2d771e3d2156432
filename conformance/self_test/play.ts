/**
 * Plays fixtures against a server that is started for them.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Start } from "../mutants/mutant.ts";
import { runTarget } from "../run/run.ts";
import type { Result } from "../results/verdict.ts";

/** How long is waited, in milliseconds. */
export interface SelfTestTimeouts {
  /** For a step to come true. */
  readonly timeout: number;
  /** For a recipient to acknowledge, by the server. */
  readonly ackTimeout: number;
}

const MAX_MESSAGE = 65_536;
const JOBS = 8;

/**
 * Plays them, and stops the server.
 *
 * @throws {ChatError} `broken-server` if the server itself has thrown something, `unreachable` if it answers nothing at all,
 * where connecting to it does not show that it is there.
 */
export async function play(
  { words, start }: { readonly words: string; readonly start: Start },
  library: Library,
  fixtures: readonly Fixture[],
  { timeout, ackTimeout }: SelfTestTimeouts,
): Promise<readonly Result[]> {
  const server = start({ ackTimeout, maxMessage: MAX_MESSAGE });
  try {
    const target = { dialect: library.dialect, ...server.endpoint };
    return (await runTarget(target, library, fixtures, { timeout, jobs: JOBS, onResult: () => {} })).results;
  } catch (cause) {
    if (!(cause instanceof ChatError)) throw cause;
    throw new ChatError(cause.code, `the server that ${words} cannot be tried: ${cause.message}`, { cause });
  } finally {
    await server.stop().catch((cause) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ChatError("broken-server", `the server that ${words} is broken itself: ${why}`, { cause });
    });
  }
}

/** All fixtures of these fixtures' clauses, and of those that they need. */
export function withNeeds(fixtures: readonly Fixture[], library: Library): Fixture[] {
  const slugs = new Set(fixtures.map(({ clause }) => clause.slug));
  // What is added on the way has its turn, too.
  for (const slug of slugs) {
    for (const { clause, needs } of library.fixtures) {
      if (clause.slug === slug) needs.forEach((need) => slugs.add(need));
    }
  }
  return library.fixtures.filter(({ clause }) => slugs.has(clause.slug));
}
