/**
 * Words that tell a node, or a store, from all others.
 *
 * @module
 */

import type { Runtime } from "../core/runtime.ts";
import type { ClusterEngine } from "./engine.ts";
import { STORE_KEY } from "./records.ts";

/** A word that nobody else has: 16 digits and letters. */
export function newWord(runtime: Runtime): string {
  const digits = () => Math.floor(runtime.random() * 2 ** 32).toString(16).padStart(8, "0");
  return `${digits()}${digits()}`;
}

/** The word of a store, which the first who looks writes; `undefined` if it cannot be read now. */
export async function storeWord(engine: ClusterEngine, runtime: Runtime): Promise<string | undefined> {
  if (await engine.read(STORE_KEY) === "none") {
    await engine.create(STORE_KEY, new TextEncoder().encode(newWord(runtime)));
  }
  const found = await engine.read(STORE_KEY);
  return typeof found === "string" ? undefined : new TextDecoder().decode(found.value);
}
