/**
 * The options that a running server can change.
 *
 * @module
 */

import type { AdmissionOptions } from "./limits/admission.ts";
import type { Limits } from "./limits/guard.ts";

/** What can be changed. Times are in milliseconds, sizes in bytes. */
export interface LiveOptions extends Omit<AdmissionOptions, "limitLoopback">, Limits {
  /** How many deliveries a second the broadcasts of a peer may cost. */
  readonly broadcastRate: number;
  /** How long a shutdown may take. */
  readonly drainTimeout: number;
  /** The largest body. */
  readonly maxMessage: number;
  /** How much may wait to be written to all peers together. */
  readonly maxQueued: number;
}

/** Each of them by its name on the command line. All other options take another start. */
export const LIVE_OPTIONS = {
  "allow": "allow",
  "broadcast-rate": "broadcastRate",
  "connect-rate": "connectRate",
  "deny": "deny",
  "drain-timeout": "drainTimeout",
  "idle-timeout": "idleTimeout",
  "max-connections": "maxConnections",
  "max-message": "maxMessage",
  "max-per-address": "maxPerAddress",
  "max-queued": "maxQueued",
  "message-timeout": "messageTimeout",
  "rate": "rate",
  "register-timeout": "registrationTimeout",
} as const satisfies Readonly<Record<string, keyof LiveOptions>>;
