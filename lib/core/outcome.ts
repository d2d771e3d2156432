/**
 * What became of a message. Whoever sends one learns exactly one of these, once (DESIGN.md, Delivery).
 *
 * @module
 */

/** Why a recipient, or the hub on its behalf, did not take a message. */
export type Refusal =
  /** The recipient said that it could not read what it was sent (relay's `ERROR 103`). */
  | "unreadable"
  /** The message is longer than the recipient's dialect can carry. */
  | "too-long"
  /** The recipient's dialect carries text, and the message is not UTF-8. */
  | "not-text"
  /** The message is empty, and the recipient's dialect has no empty messages (frame). */
  | "empty"
  /** The recipient takes its messages too slowly, and too many wait for it already. */
  | "overloaded"
  /** The server said no more than that it could not be delivered (relay's `ERROR 102`). */
  | "undeliverable"
  /** The sender may not address this recipient: itself, for example. */
  | "not-allowed";

/** What became of a message. */
export type Outcome =
  /** Every recipient has it. */
  | { readonly kind: "delivered" }
  /** Nobody of that name is present. */
  | { readonly kind: "unknown" }
  /** The recipient left before it acknowledged. */
  | { readonly kind: "gone" }
  /** The recipient is there but did not acknowledge in time. */
  | { readonly kind: "timed-out" }
  /** The recipient did not take it. */
  | { readonly kind: "refused"; readonly reason: Refusal };

/** Every recipient has it. */
export const DELIVERED: Outcome = { kind: "delivered" };
/** Nobody of that name is present. */
export const UNKNOWN: Outcome = { kind: "unknown" };
/** The recipient left before it acknowledged. */
export const GONE: Outcome = { kind: "gone" };
/** The recipient is there but did not acknowledge in time. */
export const TIMED_OUT: Outcome = { kind: "timed-out" };

/** The recipient did not take the message, and why. */
export function refused(reason: Refusal): Outcome {
  return { kind: "refused", reason };
}
