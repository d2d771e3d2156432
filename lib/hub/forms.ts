/**
 * What a message becomes on its way to its recipients, made once for all who get it in the same form.
 *
 * @module
 */

import type { Member } from "./member.ts";

/** Whether a message was meant for one recipient or for everybody. */
export type Audience = "direct" | "everyone";

/** What was said, by whom, to whom. */
export interface Said {
  /** The sender. */
  readonly from: Member;
  /** Whether others get it too. */
  readonly audience: Audience;
  /** What was said; only valid during {@linkcode Recipient.deliver}. */
  readonly body: Uint8Array;
}

/**
 * Makes of a message what some recipients get, whoever of them it is: the same for the same message, and without keeping any
 * of its body. The function itself is what one form is told from another by, so that it is made once, and not for each session.
 */
export type Form<Made> = (said: Said) => Made;

/**
 * The forms of one broadcast: escaping and marking a long one costs more than sending it, and must not be done again for
 * each of its recipients. Each is made by the first who needs it; the others get the same object, and must not change it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const remote = { hostname: "127.0.0.1", port: 2 };
 * const who = { name: "alice", title: "alice", dialect: "relay", remote, since: 0 };
 * const from = { ...who, id: 2, isProvisional: false };
 * const said: Said = { from, audience: "everyone", body: new Uint8Array(3) };
 * let made = 0;
 * const size: Form<number> = ({ body }) => (made++, body.length);
 * const forms = new Forms();
 * assertEquals([forms.of(said, size), forms.of(said, size), made], [3, 3, 1]);
 * ```
 */
export class Forms {
  readonly #made = new Map<Form<unknown>, unknown>();

  /** What a form makes of the message, which has to be the same one in each call. */
  of<Made>(said: Said, form: Form<Made>): Made {
    if (!this.#made.has(form)) this.#made.set(form, form(said));
    return this.#made.get(form) as Made;
  }
}
