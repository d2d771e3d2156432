/**
 * How events look to a person, or to a script that asked for what people get.
 *
 * @module
 */

import { type NamePaint, paintOf } from "../../core/name_paint.ts";
import { clockText } from "./clock_format.ts";
import type { ClientEvent } from "../session/client_event.ts";
import { type Formatter, isProblem, plainText } from "./formatter.ts";
import { COLORS, painted } from "./colors.ts";
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

  constructor(options: TextFormatterOptions) {
    this.#options = options;
  }

  /** The lines of an event. */
  text(happening: ClientEvent): string {
    const { time, bell, now } = this.#options;
    const clock = time === undefined ? "" : `${this.#paint(clockText(time, now()), COLORS.dim)} `;
    const rings = bell && happening.kind === "message" && happening.audience !== "everyone";
    return `${rings ? BELL : ""}${clock}${this.#said(happening)}`;
  }

  #said(happening: ClientEvent): string {
    if (happening.kind === "message") {
      const { name, whom, text } = messageParts(happening.from, happening.audience, happening.body);
      const forUs = happening.audience === "direct" ? COLORS.bold : COLORS.dim;
      return `${this.#paint(name, paintOf(happening.from))}${whom && this.#paint(whom, forUs)}: ${text}`;
    }
    const isShortened = this.#options.isShort && "line" in happening;
    const text = plainText(isShortened ? { ...happening, line: excerpt(happening.line) } : happening);
    return this.#paint(isProblem(happening) ? `-- ${text}` : text, paintFor(happening));
  }

  #paint(text: string, paint: NamePaint): string {
    return this.#options.colors ? painted(text, paint) : text;
  }
}

function paintFor(happening: Exclude<ClientEvent, { kind: "message" }>): NamePaint {
  if (happening.kind === "notice" || happening.kind === "connected") return COLORS.dim;
  if (happening.kind !== "outcome") return COLORS.bad;
  if (happening.outcome.kind === "delivered") return COLORS.good;
  return happening.outcome.kind === "handed-over" ? COLORS.dim : COLORS.bad;
}
