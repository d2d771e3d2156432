/**
 * How events look to a program: each one a line of JSON (docs/connect.md lists them).
 *
 * @module
 */

import { whyText } from "../../core/outcome_words.ts";
import { replaceUnseen } from "../../core/visible.ts";
import type { ClientEvent } from "../session/client_event.ts";
import type { Formatter } from "./formatter.ts";

const TO = { direct: "you", everyone: "all", untold: null } as const;

/** Lines of JSON. */
export class JsonFormatter implements Formatter {
  /** A program reads one stream. */
  readonly hasProblems = true;
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** An event as one line. */
  text(happening: ClientEvent): string {
    const line = JSON.stringify({ time: this.#now().toISOString(), ...fields(happening) });
    // JSON escapes but a few of them by itself.
    return replaceUnseen(line, spell);
  }
}

function fields(happening: ClientEvent): object {
  switch (happening.kind) {
    case "connected":
      return { event: "connected", server: happening.server, name: happening.name };
    case "message":
      return { event: "message", from: happening.from, to: TO[happening.audience], ...body(happening.body) };
    case "notice":
      return { event: "notice", text: happening.text };
    case "problem":
      return { event: "problem", text: happening.text };
    case "rejected":
      return {
        event: "not-sent",
        line: happening.line,
        number: happening.number,
        why: happening.why,
        write: happening.form,
      };
    case "unconfirmed":
      return { event: "not-confirmed", line: happening.line, why: happening.why };
    case "not-done":
      return { event: "not-done", line: happening.line, why: whyText(happening.outcome), words: happening.words };
    case "outcome": {
      const { line, outcome, words } = happening;
      if (outcome.kind === "delivered") return { event: "delivered", line };
      if (outcome.kind === "handed-over") return { event: "sent", line };
      return { event: "not-delivered", line, why: whyText(outcome), words };
    }
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** A body as text; where it is not UTF-8, all of its bytes besides. */
function body(bytes: Uint8Array): { text: string; base64?: string } {
  try {
    return { text: strict.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { text: lenient.decode(bytes), base64: base64(bytes) };
  }
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function spell(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
