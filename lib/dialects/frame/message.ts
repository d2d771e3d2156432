/**
 * What a user enters for a frame, checked before anything is sent.
 *
 * @module
 */

import { MAX_MESSAGE } from "./codec.ts";
import { FIRST_ID, LAST_ID } from "./header.ts";

const encoder = new TextEncoder();

/** The message's bytes, or what to write in place of one that a frame cannot carry; says how long it is. */
export function checkMessage(message: string | Uint8Array): Uint8Array | string {
  const bytes = typeof message === "string" ? encoder.encode(message) : message;
  if (bytes.length === 0) return "a message: an empty one reaches nobody";
  return bytes.length <= MAX_MESSAGE ? bytes : `at most ${MAX_MESSAGE} bytes: that message has ${bytes.length}`;
}

/** The ID, or what to write in place of one that cannot be a destination for the client `own`. */
export function checkDestination(text: string, own: number): number | string {
  const id = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0;
  if (id < FIRST_ID || id > LAST_ID) return `a destination from ${FIRST_ID} to ${LAST_ID}`;
  return id === own ? `another destination: ${own} is your own ID` : id;
}
