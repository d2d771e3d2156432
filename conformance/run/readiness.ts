/**
 * Whether what takes connections is the server itself yet: the published port of a container takes them before the server in it
 * does, and closes them at once.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { sleep } from "../play/sleep.ts";
import type { Result } from "../results/verdict.ts";

/** The time between two attempts, in milliseconds. */
const BETWEEN_ATTEMPTS = 100;
/** A connection that lasts for so long has reached a server, in milliseconds. */
const LASTING = 200;

/** How a server is waited for. */
export interface ReadinessOptions {
  /** The time. */
  readonly runtime: Runtime;
  /** How long it may take, in milliseconds. */
  readonly startTimeout: number;
  /** Connects to it. Throws a {@linkcode ChatError} if that cannot be done. */
  connect(): Promise<HalfClosingLink>;
  /** Told, in a line for people, that it is waited for. */
  readonly onNote: (text: string) => void;
}

/**
 * Waits for a server whose port has closed a connection before a word was said, until one that says nothing lasts. Says whether it
 * came to that: it does not where the time is up, or where no connection can be opened.
 */
export async function awaitServer(options: ReadinessOptions, signal?: AbortSignal): Promise<boolean> {
  const { runtime, startTimeout, onNote } = options;
  const until = runtime.now() + startTimeout;
  try {
    for (let isTold = false; !await lasts(options); isTold = true) {
      if (runtime.now() >= until || signal?.aborted) return false;
      const time = `${startTimeout / 1000} s`;
      if (!isTold) onNote(`the port takes connections and closes them at once; waiting up to ${time} for the server`);
      await sleep(runtime, BETWEEN_ATTEMPTS);
    }
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}

/** Whether a fixture failed because its connections were closed at once, and nothing came. */
export function isClosedAtOnce({ verdict, wire }: Result): boolean {
  if (verdict !== "fail" || wire === undefined) return false;
  const opened = new Map<string, number>();
  let isClosed = false;
  for (const { kind, connection, at } of wire.events) {
    if (kind === "received") return false;
    if (kind === "connected") opened.set(connection, at);
    if (kind === "server-closed" || kind === "lost") {
      if (at - opened.get(connection)! > LASTING) return false;
      isClosed = true;
    }
  }
  return isClosed;
}

/** Whether a connection on which nothing is said stays open, or something is said on it. */
async function lasts({ runtime, connect }: ReadinessOptions): Promise<boolean> {
  const link = await connect();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const closed = Promise.withResolvers<void>();
  link.start({
    receive: () => resolve(true),
    ended: () => resolve(false),
    closed: () => {
      resolve(false);
      closed.resolve();
    },
  });
  const timer = runtime.after(LASTING, () => resolve(true));
  const isLasting = await promise;
  timer.cancel();
  link.end("done");
  await closed.promise;
  return isLasting;
}
