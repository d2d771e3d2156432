/**
 * The port between `chat connect` and the world around it.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { ClientPort } from "../dialects/dialect.ts";
import type { TrustFiles } from "../transport/tls/tls.ts";
import type { Frontend } from "./frontend/frontend.ts";
import type { SetTimer } from "./session/waiter.ts";

/** A port from which a server can be reached; its time stands still once it is disposed. */
export type OpenPort = ClientPort & Disposable;

/** What `chat connect` needs of the world around it. */
export interface Environment {
  /** With whom we speak on this side. */
  readonly frontend: Frontend;
  /** Tells the time. */
  readonly timer: SetTimer;
  /** The time of day. */
  now(): Date;
  /** A number from 0 up to but not including 1, any of them as likely as another. */
  random(): number;
  /** Whether a person who reads this wants colours, if nothing else is said. */
  readonly hasColors: boolean;
  /** The file in which a person's lines are kept, if there is a place for it. */
  readonly historyPath?: string | undefined;
  /**
   * Opens a link to a server, over TLS where it is said whom to trust. Rejects with a `ChatError`, or with what `signal` was
   * aborted with.
   */
  dial(server: Endpoint, signal: AbortSignal, tls?: TrustFiles): Promise<HalfClosingLink>;
  /** Opens a port for datagrams to a server, any free one if it is 0. Rejects in the same way. */
  openPort(server: Endpoint, port: number, signal: AbortSignal): Promise<OpenPort>;
  /** How long a server may be silent while we wait for it, in milliseconds; the conversation's own by default. */
  readonly patience?: number;
}
