/**
 * How events look to a person, or to a script that asked for what people get.
 *
 * @module
 */

import { clockText } from "./clock_format.ts";
import type { ClientEvent } from "../session/client_event.ts";
import { type Formatter, isProblem, plainText } from "./formatter.ts";
import { type Color, COLORS, painted, paintOf } from "./colors.ts";
import { excerpt, messageParts } from "./texts.ts";

/** What a person chooses. */
export interface TextFormatterOptions {
  /** How the time is written in front of each event, in the form of `clockText`; nothing where it is left out. */
  readonly time?: string | undefined;
  /** Whether there are colours. */
  readonly colors: boolean;
  /** Whether the terminal's bell rings for messages that are not known to be for everybody. */
  readonly bell: boolean;
  /** Whether one's own lines, which are on the screen already, are shortened. */
  readonly isShort: boolean;
  /** Tells the time. */
  now(): Date;
}

const BELL = "\x07";

/** What people read: the plain forms, with the time, with colours, and one's own lines shortened. */
export class TextFormatter implements Formatter {
  /** Everything is on one screen. */
  readonly hasProblems = true;
  readonly #options: TextFormatterOptions;

  /** Takes what the person chose. */
  constructor(options: TextFormatterOptions) {
    this.#options = options;
  }

  /** The lines of an event. */
  text(event: ClientEvent): string {
    const { time, bell, now } = this.#options;
    const clock = time === undefined ? "" : `${this.#paint(clockText(time, now()), COLORS.dim)} `;
    const rings = bell && event.kind === "message" && event.audience !== "everyone";
    return `${rings ? BELL : ""}${clock}${this.#said(event)}`;
  }

  #said(event: ClientEvent): string {
    if (event.kind === "message") {
      const { name, whom, text } = messageParts(event.from, event.audience, event.body);
      const forUs = event.audience === "direct" ? COLORS.bold : COLORS.dim;
      return `${this.#paint(name, paintOf(event.from))}${whom && this.#paint(whom, forUs)}: ${text}`;
    }
    const isShortened = this.#options.isShort && "line" in event;
    const text = plainText(isShortened ? { ...event, line: excerpt(event.line) } : event);
    return this.#paint(isProblem(event) ? `-- ${text}` : text, paintFor(event));
  }

  #paint(text: string, paint: Color): string {
    return this.#options.colors ? painted(text, paint) : text;
  }
}

function paintFor(event: Exclude<ClientEvent, { kind: "message" }>): Color {
  if (event.kind === "notice" || event.kind === "connected") return COLORS.dim;
  if (event.kind !== "outcome") return COLORS.bad;
  if (event.outcome.kind === "delivered") return COLORS.good;
  return event.outcome.kind === "handed-over" ? COLORS.dim : COLORS.bad;
}
