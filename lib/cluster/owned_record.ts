/**
 * A record in the store that one node writes, and that others may have written before it.
 *
 * @module
 */

import type { ClusterEngine, StoredRecord } from "./engine.ts";

/** How to tell whose a record is. */
export interface Ownership {
  /** Whether this very record is ours: the answer to an earlier writing was lost. */
  isOurs(record: StoredRecord): boolean;
  /** Whether it binds nobody any more, since its owner is gone for good. Not asked of our own. */
  isVoid(record: StoredRecord): Promise<boolean>;
}

/** How often one writing may be in the way of another before that is given up. */
const TRIES = 8;

/** Writes and removes one record, one call at a time. A record of somebody else's is only ever written over where it is void. */
export class OwnedRecord {
  readonly #engine: ClusterEngine;
  readonly #key: string;
  readonly #ownership: Ownership;
  /** The revision that is to be written over; `undefined` where there is to be no record. */
  #revision: number | undefined;

  /** Nothing is written yet. */
  constructor(engine: ClusterEngine, key: string, ownership: Ownership) {
    this.#engine = engine;
    this.#key = key;
    this.#ownership = ownership;
  }

  /**
   * Writes the record.
   *
   * @returns `taken` if it is somebody else's, `unknown` if nobody can tell whether it was written.
   */
  async write(value: Uint8Array): Promise<"written" | "taken" | "unknown"> {
    for (let tries = 0; tries < TRIES; tries++) {
      const written = this.#revision === undefined
        ? await this.#engine.create(this.#key, value)
        : await this.#engine.update(this.#key, value, this.#revision);
      if (typeof written === "number") {
        this.#revision = written;
        return "written";
      }
      const whose = await this.#look();
      if (whose === "unknown" || whose === "theirs") return whose === "theirs" ? "taken" : "unknown";
    }
    return "unknown";
  }

  /**
   * Removes the record, if it is there and ours.
   *
   * @returns whether it is known that it is not there as ours any more.
   */
  async remove(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      const whose = this.#revision === undefined ? await this.#look() : "ours";
      if (whose !== "ours") return whose !== "unknown";
      const removed = await this.#engine.remove(this.#key, this.#revision!);
      this.#revision = undefined;
      if (typeof removed === "number") return true;
    }
    return false;
  }

  /** Finds out whose the record is now; ours, one that is void, and none can be written over from now on. */
  async #look(): Promise<"ours" | "theirs" | "free" | "unknown"> {
    const found = await this.#engine.read(this.#key);
    this.#revision = undefined;
    if (found === "unknown") return "unknown";
    if (found === "none") return "free";
    const isOurs = this.#ownership.isOurs(found);
    if (!isOurs && !await this.#ownership.isVoid(found)) return "theirs";
    this.#revision = found.revision;
    return isOurs ? "ours" : "free";
  }
}
