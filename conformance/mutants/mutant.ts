/**
 * A server that is wrong on purpose, in one way that has a name.
 *
 * @module
 */

import type { Endpoint, Link, LinkHandler } from "../../lib/core/link.ts";
import type { ClientHost } from "../client/client_host.ts";
import type { Runtime, Surroundings } from "../../lib/core/runtime.ts";

/** A server that runs until it is stopped. */
export interface Running {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** Starts the client, if it is one: then a run plays the server to it. */
  readonly client?: ClientHost;
  /** Closes everything at once. Throws what the server itself has thrown, if it did: it is broken in another way than it is to be. */
  stop(): Promise<void>;
}

/** What a server is told at its start. */
export interface ServerSettings {
  /** How long a recipient may take to acknowledge, in milliseconds. */
  readonly ackTimeout: number;
  /** The largest body, in bytes. */
  readonly maxMessage: number;
  /** Where it listens: on any free port of 127.0.0.1 if nothing is said. */
  readonly endpoint?: Endpoint | undefined;
}

/** Where servers listen to whom nothing else is said. */
export const ANY_PORT: Endpoint = { hostname: "127.0.0.1", port: 0 };

/** What a plain server is told at its start. */
export interface PlainSettings extends ServerSettings {
  /** Its clock. */
  readonly runtime: Runtime;
}

/** A server that shares no code with ours, made to be wrong in one function, or right in another way. */
export interface PlainServer {
  /** Somebody connects. */
  accept(link: Link): LinkHandler;
}

/** Makes one. */
export type MakePlain = (settings: PlainSettings) => PlainServer;

/** Starts a server on a free port of 127.0.0.1, in the simulation or on this machine. */
export type Start = (settings: ServerSettings, surroundings: Surroundings) => Running;

/** A server that is wrong on purpose. */
export interface Mutant {
  /** The clause that it breaks, whose own fixtures must find out. */
  readonly clause: string;
  /** What it does, as it goes on behind "a server that": `confirms a message before its recipient has answered`. */
  readonly words: string;
  /** Starts it. */
  readonly start: Start;
  /** Starts a server that is wrong in this and in other ways, where that can be combined. */
  readonly combine?: (others: readonly Mutant[]) => Start | undefined;
}

/** What is wrong with servers, by the clause that they break and what they do: see {@linkcode Mutant}. */
export type MutantTable<Wrong> = Readonly<Record<string, Readonly<Record<string, Wrong>>>>;

/**
 * The mutants of a table, each made by `start` from what is wrong with it, and several at once from what `together` makes of that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { USELESS } from "./useless.ts";
 * import { Serving } from "./serving.ts";
 *
 * const table = { "relay/broadcast": { "says nothing": USELESS.mute! } };
 * const [mutant] = readMutants(table, (behaviour) => (_settings, { network }) => new Serving(network, behaviour));
 * assertEquals([mutant?.clause, mutant?.words], ["relay/broadcast", "says nothing"]);
 * ```
 */
export function readMutants<Wrong>(
  table: MutantTable<Wrong>,
  start: (wrong: Wrong) => Start,
  together: (wrong: readonly Wrong[]) => Wrong | undefined = () => undefined,
): Mutant[] {
  const read = new Map<Mutant, Wrong>();
  for (const [clause, mutants] of Object.entries(table)) {
    for (const [words, wrong] of Object.entries(mutants)) {
      const mutant: Mutant = {
        clause,
        words,
        start: start(wrong),
        combine: (others) => {
          const all = [mutant, ...others].flatMap((one) => read.get(one) ?? []);
          const combined = all.length > others.length ? together(all) : undefined;
          return combined && start(combined);
        },
      };
      read.set(mutant, wrong);
    }
  }
  return [...read.keys()];
}
