/**
 * What happens in a conversation, before anybody has decided how it looks.
 *
 * @module
 */

import type { ClientOutcome } from "../../dialects/dialect.ts";
import type { Audience } from "../../hub/delivery.ts";

/** What a message or a request came to that nobody has taken. */
export type FailedOutcome = Exclude<ClientOutcome, { kind: "delivered" | "handed-over" }>;

/** One event. Nothing in it is fit for a terminal yet: a {@linkcode Look} sees to that. */
export type ClientEvent =
  /** The name is accepted; messages can arrive from here on. */
  | { readonly kind: "connected"; readonly server: string; readonly name: string }
  /** Somebody says something. */
  | {
    readonly kind: "message";
    readonly from: string;
    readonly audience: Audience | "untold";
    readonly body: Uint8Array;
  }
  /** The server, the dialect or this program has something to tell. */
  | { readonly kind: "notice"; readonly text: string }
  /** What became of a line that was sent, with the server's own words where it used any. */
  | {
    readonly kind: "outcome";
    readonly line: string;
    readonly outcome: ClientOutcome;
    readonly words: string | undefined;
  }
  /** A request was not followed; one that was has its answer told as notices. */
  | {
    readonly kind: "not-done";
    readonly line: string;
    readonly outcome: FailedOutcome;
    readonly words: string | undefined;
  }
  /** A line was sent, and nobody will ever know what became of it. */
  | { readonly kind: "unconfirmed"; readonly line: string; readonly why: string }
  /** A line was not sent: the dialect has no such line, but one of this form. Why, and which line it was, where that is known. */
  | {
    readonly kind: "rejected";
    readonly line: string;
    readonly form: string;
    readonly why?: string | undefined;
    readonly number?: number | undefined;
  }
  /** Something went wrong with the conversation itself. */
  | { readonly kind: "problem"; readonly text: string };
