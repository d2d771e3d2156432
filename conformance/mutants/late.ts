/**
 * Servers that do everything late.
 *
 * @module
 */

import { bytesOf } from "./altered_link.ts";
import type { ServerSettings } from "./mutation.ts";
import { type MakeServer, ServingDialect } from "./serving.ts";

/** Does things some time later. */
export class Later {
  readonly #delay: number;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  /** Takes how many milliseconds later. */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /** Does it then, behind what was to be done before. */
  do(act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, this.#delay);
    this.#timers.add(timer);
  }

  /** Does nothing any more. */
  forget(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/** A server of one dialect that says all that it has to say some time later. */
export class LateServing extends ServingDialect {
  readonly #later: Later;

  /** Takes by how many milliseconds it is late. */
  constructor(make: MakeServer, settings: ServerSettings, delay: number) {
    const later = new Later(delay);
    super(make, settings, {
      wire: (link) => ({
        says: (text) => {
          later.do(() => link.write(bytesOf(text)));
          return "";
        },
        closes: () => {
          later.do(() => link.end("done"));
          return false;
        },
      }),
    });
    this.#later = later;
  }

  /** See {@linkcode ServingDialect.stop}. */
  override async stop(): Promise<void> {
    this.#later.forget();
    await super.stop();
  }
}
