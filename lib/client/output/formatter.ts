/**
 * How events look: for people, and for scripts that read lines or JSON.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { ClientEvent } from "../session/client_event.ts";
import {
  connectedText,
  messageText,
  noticeText,
  outcomeLine,
  refusalText,
  rejectedText,
  unconfirmedText,
} from "./texts.ts";

/** Turns events into lines that are fit for a terminal. */
export interface Formatter {
  /**
   * Whether problems are told among the other events. Otherwise they go where a script looks for what went wrong, without
   * a mark of their own.
   */
  readonly hasProblems: boolean;
  /** The lines of an event, without the last line break. */
  text(happening: ClientEvent): string;
}

/** Whether an event says that something went wrong, and not what was said. */
export function isProblem({ kind }: ClientEvent): boolean {
  return kind === "rejected" || kind === "problem";
}

/** The forms that docs/connect.md pins, and nothing else. */
export const PLAIN: Formatter = { hasProblems: false, text: plainText };

/** An event in the forms that docs/connect.md pins. */
export function plainText(happening: ClientEvent): string {
  switch (happening.kind) {
    case "connected":
      return connectedText(happening.server, happening.name);
    case "message":
      return messageText(happening.from, happening.audience, happening.body);
    case "notice":
      return noticeText(happening.text);
    case "outcome":
      return outcomeLine(happening.line, happening.outcome, happening.words);
    case "not-done":
      return refusalText(happening.line, happening.outcome, happening.words);
    case "unconfirmed":
      return unconfirmedText(happening.line, happening.why);
    case "rejected":
      return rejectedText(happening.line, happening.form);
    case "problem":
      return visibleText(happening.text);
  }
}
