/**
 * Servers to which everything comes late.
 *
 * @module
 */

import type { Runtime, Surroundings, Timer } from "../../lib/core/runtime.ts";
import type { LinkHandler } from "../../lib/core/link.ts";
import type { ServerSettings } from "./mutant.ts";
import { type Behaviour, type MakeServer, ServingDialect } from "./serving.ts";

/** Does things some time later, in their order. */
export class Later {
  readonly #delay: number;
  readonly #runtime: Runtime;
  readonly #timers = new Set<Timer>();

  /** @param delay in milliseconds. */
  constructor(delay: number, runtime: Runtime) {
    this.#delay = delay;
    this.#runtime = runtime;
  }

  /** Does it then. */
  do(act: () => void): void {
    const timer = this.#runtime.after(this.#delay, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }

  /** Does nothing any more. */
  forget(): void {
    for (const timer of this.#timers) timer.cancel();
  }
}

/** A server of one dialect that hears of everybody, and everything that they say, some time later. */
export class LateServing extends ServingDialect {
  readonly #later: Later;

  /** @param delay in milliseconds. */
  constructor(make: MakeServer, settings: ServerSettings, surroundings: Surroundings, delay: number) {
    const later = new Later(delay, surroundings.runtime);
    super(make, settings, surroundings, (behave) => lately(behave, later));
    this.#later = later;
  }

  override async stop(): Promise<void> {
    this.#later.forget();
    await super.stop();
  }
}

function lately(behave: Behaviour, later: Later): Behaviour {
  return (link) => {
    let handler: LinkHandler | undefined;
    let isClosed = false;
    const unlessClosed = (act: () => void) => later.do(() => !isClosed && act());
    unlessClosed(() => handler = behave(link));
    return {
      receive: (bytes) => {
        const copy = bytes.slice();
        unlessClosed(() => handler?.receive(copy));
      },
      ended: () => unlessClosed(() => handler?.ended()),
      closed: (reason) => {
        isClosed = true;
        handler?.closed(reason);
      },
    };
  };
}
