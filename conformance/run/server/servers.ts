/**
 * The servers of a run: the target, and further starts of its command, each on a port of its own, that are asked at the same time.
 *
 * @module
 */

import { findDialect } from "../../../lib/dialects/registry.ts";
import type { Target } from "../../results/verdict.ts";
import type { RunOptions } from "../run_options.ts";
import { REAL_SURROUNDINGS } from "../surroundings.ts";
import type { FurtherServer } from "./server_place.ts";
import type { ServerProcess } from "./server_process.ts";
import { type SharedKnowledge, TestedServer } from "./tested_server.ts";

/** Knows the servers of a run, by their numbers: that of the target is 0. */
export class Servers {
  /** The target. */
  readonly main: TestedServer;
  readonly #target: Target;
  readonly #known: SharedKnowledge;
  readonly #another: (() => FurtherServer) | undefined;
  readonly #further = new Map<number, { readonly place: FurtherServer; readonly tested: TestedServer }>();
  /** Whether a second one has not come up beside the first. */
  #isSingle = false;

  constructor(target: Target, known: SharedKnowledge) {
    const { surroundings = REAL_SURROUNDINGS, server, renew = renewalOf(server) } = known.options;
    this.#target = target;
    this.#known = known;
    this.#another = furtherOf(target, known.options);
    this.main = new TestedServer({ target, surroundings, server, renew }, known);
  }

  /** How many may be asked at the same time. */
  get most(): number {
    // One that keeps no clause at all shows as much by itself.
    const isSeveral = this.#another !== undefined && !this.#isSingle && this.#known.experience.hasPassed;
    return isSeveral ? this.#known.options.jobs : 1;
  }

  /** The server of this number. */
  at(number: number): TestedServer {
    if (number === 0) return this.main;
    const known = this.#further.get(number);
    if (known !== undefined) return known.tested;
    const place = this.#another!();
    const tested = new TestedServer({ ...place, target: this.#target }, this.#known, true);
    this.#further.set(number, { place, tested });
    return tested;
  }

  /**
   * Whether that server has never been there: its program may be none that can be started twice at the same time. Then none but the
   * target is asked any more.
   */
  hasNotComeUp(number: number): boolean {
    const server = this.#further.get(number)?.place.server;
    if (server === undefined || server.starts > 1 || !server.hasEnded || server.hasAccepted) return false;
    this.#isSingle = true;
    return true;
  }

  /** Lets everybody leave, and ends all but the target. */
  async end(): Promise<void> {
    const further = [...this.#further.values()];
    this.#further.clear();
    await Promise.all([this.main, ...further.map(({ tested }) => tested)].map((one) => one.release()));
    await Promise.all(further.map(({ place }) => place.stop()));
  }
}

/** On another port, which no connection of the last one holds. */
function renewalOf(server: ServerProcess | undefined): (() => Promise<void>) | undefined {
  return server?.choosesPort ? () => server.stop() : undefined;
}

/** What opens further servers, where there can be any. */
function furtherOf(
  { dialect }: Target,
  { server, client, isFresh = false, surroundings = REAL_SURROUNDINGS, another }: RunOptions,
): (() => FurtherServer) | undefined {
  if (another !== undefined) return another;
  if (server === undefined || !server.choosesPort || client !== undefined || isFresh) return undefined;
  // Where this program has to be in time itself, others would keep it busy.
  if (findDialect(dialect)?.transport === "udp") return undefined;
  return () => {
    const one = server.another();
    return { server: one, surroundings, renew: () => one.stop(), stop: () => one.stop() };
  };
}
