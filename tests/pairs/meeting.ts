/**
 * One message from one dialect to another: what arrives, and what its sender is told.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT, UNKNOWN } from "../../lib/core/outcome.ts";
import type { Audience } from "../../lib/hub/delivery.ts";
import { ACK_TIMEOUT, type Party, type Row, type Whom, World } from "./party.ts";
import { ROW as SLASH_ROW } from "./rows/slash.ts";

/** What came of saying something. */
export type Result =
  /** The sender's dialect has no such message. */
  | { readonly kind: "unsayable" }
  /** It arrived. */
  | { readonly kind: "arrived" }
  /** It did not arrive, and the sender was told. */
  | { readonly kind: "refused" };

/** How often something is taken so that nothing is left: some of it waits until what came before it is acknowledged. */
const ROUNDS = 5;

const UNSAYABLE: Result = { kind: "unsayable" };

/** A sender, a recipient, and somebody who is only there; everything about their coming has been said. */
export class Meeting {
  readonly #world = new World();
  readonly #audience: Audience;
  readonly #sender: Party;
  readonly #recipient: Party;
  readonly #bystander: Party | undefined;
  readonly #tellsAsKnown: boolean;
  /** What the sender was told since something was said. */
  #told = "";

  /** Lets both join, and a bystander who speaks slash where one is wanted. */
  constructor(sender: Row, recipient: Row, audience: Audience, bystander?: "bystander") {
    this.#audience = audience;
    const started = new Map<string, (name: string) => Party>();
    const join = (row: Row, name: string) => {
      const joining = started.get(row.dialect) ?? row.start(this.#world);
      started.set(row.dialect, joining);
      return joining(name);
    };
    this.#tellsAsKnown = sender.tellsAsKnown ?? false;
    this.#sender = join(sender, "alice");
    this.#recipient = join(recipient, "bob");
    this.#bystander = bystander && join(SLASH_ROW, "carol");
    this.#clear();
  }

  /** The message arrives as it should, and the sender is told that it was delivered when it was, and not before. */
  delivers(body: string): Result {
    if (!this.#say(body)) return UNSAYABLE;
    const parts = this.#recipient.arrival(this.#sender, this.#audience, body);
    for (const part of parts) {
      assertEquals(this.#recipient.take(), part, "what arrives");
      this.#isTold(body, undefined);
      this.#recipient.acknowledge();
    }
    assertEquals(this.#recipient.take(), "", "nothing else arrives");
    this.#isTold(body, DELIVERED);
    return { kind: "arrived" };
  }

  /** The recipient's dialect cannot carry the message: nothing of it arrives, and the sender is told. */
  refuses(body: string, reason: "too-long" | "empty" = "too-long"): Result {
    if (!this.#say(body)) return UNSAYABLE;
    assertEquals(this.#recipient.take(), "", "nothing arrives");
    this.#isTold(body, refused(reason));
    return { kind: "refused" };
  }

  /** The recipient is not there any more. */
  findsNobody(body: string): void {
    this.#recipient.vanish();
    this.#clear();
    this.#say(body);
    this.#isTold(body, UNKNOWN);
  }

  /** The recipient leaves before it has the message. */
  losesRecipient(body: string): void {
    this.#say(body);
    this.#recipient.take();
    this.#recipient.vanish();
    this.#isTold(body, GONE);
  }

  /** The recipient never takes the message: nobody else waits, the sender is told in the end, and that stays so. */
  isNotRead(body: string): void {
    const bystander = this.#bystander!;
    const isDirect = this.#audience === "direct";
    if (!this.#say(body)) return;
    this.#recipient.take();
    if (isDirect) this.#sender.say(bystander, body);
    assertEquals(bystander.take(), bystander.arrival(this.#sender, this.#audience, body).join(""), "a bystander waits");
    bystander.acknowledge();
    this.#world.pass(ACK_TIMEOUT + 100);
    this.#recipient.acknowledge();
    this.#isTold(body, TIMED_OUT, isDirect ? this.#sender.answer(bystander, body, DELIVERED) : "");
  }

  get #whom(): Whom {
    return this.#audience === "direct" ? this.#recipient : "everyone";
  }

  #say(body: string): boolean {
    this.#told = "";
    return this.#sender.say(this.#whom, body);
  }

  /** All that the sender was told is what belongs to this outcome, whoever has left meanwhile. */
  #isTold(body: string, outcome: Outcome | undefined, besides = ""): void {
    for (let i = 0; i < ROUNDS; i++) {
      this.#told += this.#sender.take();
      this.#sender.acknowledge();
    }
    for (const other of [this.#recipient, this.#bystander]) {
      if (other !== undefined) this.#told = this.#told.replace(this.#sender.departure(other), "");
    }
    const answer = this.#sender.answer(this.#whom, body, outcome);
    assertEquals(this.#told, this.#tellsAsKnown ? besides + answer : answer + besides, "what the sender is told");
  }

  #clear(): void {
    this.#world.pass(1_000);
    for (let i = 0; i < ROUNDS; i++) {
      for (const party of [this.#sender, this.#recipient, this.#bystander]) {
        party?.take();
        party?.acknowledge();
      }
    }
  }
}
