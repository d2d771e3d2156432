/**
 * How events look to a person, or to a script that asked for what people get.
 *
 * @module
 */

import { clockText } from "./clock_format.ts";
import type { Happening } from "../session/client_event.ts";
import { isProblem, type Look, plainText } from "./formatter.ts";
import { type Paint, painted, paintOf, PAINTS } from "./colors.ts";
import { excerpt, messageParts } from "./texts.ts";

/** What a person chooses. */
export interface PersonLookOptions {
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
export class PersonLook implements Look {
  /** Everything is on one screen. */
  readonly hasProblems = true;
  readonly #options: PersonLookOptions;

  /** Takes what the person chose. */
  constructor(options: PersonLookOptions) {
    this.#options = options;
  }

  /** The lines of an event. */
  text(happening: Happening): string {
    const { time, bell, now } = this.#options;
    const clock = time === undefined ? "" : `${this.#paint(clockText(time, now()), PAINTS.dim)} `;
    const rings = bell && happening.kind === "message" && happening.audience !== "everyone";
    return `${rings ? BELL : ""}${clock}${this.#said(happening)}`;
  }

  #said(happening: Happening): string {
    if (happening.kind === "message") {
      const { name, whom, text } = messageParts(happening.from, happening.audience, happening.body);
      const forUs = happening.audience === "direct" ? PAINTS.bold : PAINTS.dim;
      return `${this.#paint(name, paintOf(happening.from))}${whom && this.#paint(whom, forUs)}: ${text}`;
    }
    const isShortened = this.#options.isShort && "line" in happening;
    const text = plainText(isShortened ? { ...happening, line: excerpt(happening.line) } : happening);
    return this.#paint(isProblem(happening) ? `-- ${text}` : text, paintFor(happening));
  }

  #paint(text: string, paint: Paint): string {
    return this.#options.colors ? painted(text, paint) : text;
  }
}

function paintFor(happening: Exclude<Happening, { kind: "message" }>): Paint {
  if (happening.kind === "notice" || happening.kind === "connected") return PAINTS.dim;
  if (happening.kind !== "outcome") return PAINTS.bad;
  if (happening.outcome.kind === "delivered") return PAINTS.good;
  return happening.outcome.kind === "handed-over" ? PAINTS.dim : PAINTS.bad;
}
