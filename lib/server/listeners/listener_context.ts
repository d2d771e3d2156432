/**
 * What all listeners of a server share, and how they log connections that are refused or closed.
 *
 * @module
 */

import type { Deadlines } from "../../core/deadlines.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { Network } from "../../core/runtime.ts";
import type { ListenOptions } from "../../transport/tcp.ts";
import type { Admission } from "../limits/admission.ts";
import type { BroadcastRate } from "../limits/broadcast_limiter.ts";
import type { CloseCounters } from "../status/close_counters.ts";
import type { Limits } from "../limits/guard.ts";
import type { Log } from "../log/log.ts";
import type { LogThrottle } from "../log/log_throttle.ts";

/** What all listeners of a server share. */
export interface ListenerContext {
  /** Which connections are admitted, on any listener. */
  readonly admission: Admission;
  /** The limits of each connection. */
  readonly limits: Limits;
  /** How many deliveries the broadcasts of each peer may cost. */
  readonly broadcasts: BroadcastRate;
  /** The table of deadlines. */
  readonly deadlines: Deadlines;
  /** Where it listens. */
  readonly network: Network;
  /** The limits of each link, what its peer is shown if it is to speak TLS, and whether ports are shared. */
  readonly link: Pick<ListenOptions, "maxQueue" | "queued" | "writeTimeout" | "certificate" | "sharesPort">;
  /** The log. */
  readonly log: Log;
  /** Why connections were closed. */
  readonly closeCounters: CloseCounters;
  /** Decides which addresses the log may mention again, so that none of them fills it. */
  readonly mentions: LogThrottle;
  /** The same for warnings, which are not to be lost behind the rest. */
  readonly warnings: LogThrottle;
}

/** What logging needs of what listeners share. */
export type ClosingLog = Pick<ListenerContext, "mentions" | "warnings" | "deadlines" | "log">;

/** Closings that operators want to know of. */
const NOTEWORTHY: ReadonlySet<CloseReason> = new Set([
  "slow-reader",
  "unresponsive",
  "unregistered",
  "stalled",
  "flood",
]);

/** Logs that a connection is closed; as a warning, where that is noteworthy, at most once a second and address. */
export function logClosing(
  { warnings, deadlines, log }: ClosingLog,
  about: { readonly dialect: string; readonly address: string; readonly port: number },
  reason: CloseReason,
): void {
  const isNoteworthy = NOTEWORTHY.has(reason) && warnings.allows(about.address, deadlines.time);
  log(isNoteworthy ? "warning" : "debug", "a connection was closed", { ...about, why: CLOSE_REASONS[reason] });
}

/** Logs what was refused to an address, at most once a second each. */
export function logRefusal(
  { mentions, deadlines, log }: ClosingLog,
  what: string,
  dialect: string,
  address: string,
  reason: CloseReason,
): void {
  if (mentions.allows(address, deadlines.time)) log("info", what, { dialect, address, why: CLOSE_REASONS[reason] });
}
