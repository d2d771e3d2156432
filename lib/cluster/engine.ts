/**
 * What carries a cluster: a store of records that are compared before they are set, and requests from node to node. The code of
 * a cluster reaches neither sockets nor NATS but by this.
 *
 * @module
 */

import type { EngineTraffic } from "./counts.ts";

/** A record in the store. */
export interface StoredRecord {
  /** What it is found by: letters, digits and dots. */
  readonly key: string;
  /** What it holds. */
  readonly value: Uint8Array;
  /** Which writing it is: larger for every later one, of all records. */
  readonly revision: number;
}

/**
 * What became of a write: its revision, `conflict` if the record is not as it was said to be, or `unknown` if nobody can tell
 * whether it was written.
 */
export type Written = number | "conflict" | "unknown";

/** Who is told what happens in the store and between the nodes. */
export interface EngineEvents {
  /** A record was written. */
  stored(record: StoredRecord): void;
  /** A record is gone. */
  removed(key: string): void;
  /** The engine can be reached, also again: all records are told once more, and then {@linkcode EngineEvents.told}. */
  connected(): void;
  /** All records that there were have been told since {@linkcode EngineEvents.connected}. */
  told(): void;
  /** The engine cannot be reached: what is asked of it meanwhile fails at once. */
  disconnected(): void;
  /** Another node asks something; `answer` is called once, or never. The bytes are only read during this call. */
  asked(request: Uint8Array, answer: (bytes: Uint8Array) => void): void;
}

/** A node's connection to what carries its cluster. */
export interface ClusterEngine {
  /** How many bytes it has moved since it was started. */
  readonly traffic: EngineTraffic;
  /** Begins; the events come from the next turn on. Resolves when the first {@linkcode EngineEvents.told} was called. */
  start(node: string, events: EngineEvents): Promise<void>;
  /** Writes a record that is not there yet. */
  create(key: string, value: Uint8Array): Promise<Written>;
  /** Writes a record anew that is at this revision. */
  update(key: string, value: Uint8Array, revision: number): Promise<Written>;
  /** Removes a record that is at this revision; the number it resolves to means nothing. */
  remove(key: string, revision: number): Promise<Written>;
  /** Reads a record, as the store has it now. */
  read(key: string): Promise<StoredRecord | "none" | "unknown">;
  /** Resolves when all that had been written before has been told, or nobody can tell. */
  sync(): Promise<void>;
  /**
   * Asks another node; requests to one node arrive in their order. `nobody` if it is not there, `unknown` if no answer has come
   * within `timeout` milliseconds or can come any more. The bytes are only read during this call.
   */
  ask(node: string, request: Uint8Array, timeout: number): Promise<Uint8Array | "nobody" | "unknown">;
  /** Ends the connection when all that was written has gone. */
  stop(): Promise<void>;
}
