/**
 * Servers that say everything late.
 *
 * @module
 */

import { bytesOf } from "./altered_link.ts";
import type { ServerSettings } from "./change.ts";
import { type MakeServer, ServingDialect } from "./serving.ts";

/** A server of one dialect that says all that it has to say some time later. */
export class LateServing extends ServingDialect {
  readonly #timers: Set<ReturnType<typeof setTimeout>>;

  /** Takes by how many milliseconds it is late. */
  constructor(make: MakeServer, settings: ServerSettings, delay: number) {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const later = (act: () => void) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
      }, delay);
      timers.add(timer);
    };
    super(make, settings, {
      wire: (link) => ({
        says: (text) => {
          later(() => link.write(bytesOf(text)));
          return "";
        },
        closes: () => {
          later(() => link.end("done"));
          return false;
        },
      }),
    });
    this.#timers = timers;
  }

  /** See {@linkcode ServingDialect.stop}. */
  override async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await super.stop();
  }
}
