/**
 * Coming back: what happens between a connection that was lost and the next one.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import { Backoff } from "./backoff.ts";
import { Conversation, type ConversationOptions, type Ending } from "./conversation.ts";
import { type ExitStatus, FAILED, LEFT } from "../exit_status.ts";
import type { Environment } from "../environment.ts";
import { nameText } from "../output/texts.ts";

/** A connection that was good for so long was not refused by a server that only takes it to drop it, in milliseconds. */
const GOOD = 10_000;
/** How often a server may refuse a name that it has accepted before: it may still hold the connection that was lost. */
const MAX_REFUSALS = 5;

/** What persistence needs. */
export interface ReconnectOptions extends Omit<ConversationOptions, "isAgain"> {
  /** Opens a connection and holds the conversation over it. Rejects with a `ChatError` where there is no connection. */
  attempt(conversation: Conversation): Promise<Ending>;
  /** Time and chance. */
  readonly surroundings: Pick<Environment, "timer" | "now" | "random">;
}

/** Holds conversations, one after the other, until one has come to its end. */
export class Reconnect {
  readonly #options: ReconnectOptions;
  readonly #backoff: Backoff;
  #name: string;
  #refusals = 0;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.surroundings.random);
    this.#name = options.name;
  }

  /** Rejects only if there is no first connection. */
  async run(): Promise<ExitStatus> {
    const first = this.#conversation(false);
    let ending = await this.#attempt(first);
    while (ending.isLost) {
      if (!await this.#pause()) return this.#givenUp;
      try {
        ending = await this.#attempt(this.#conversation(this.#refusals < MAX_REFUSALS));
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        this.#options.desk.view.problem(error.message);
      }
    }
    return ending.status;
  }

  #conversation(isAgain: boolean): Conversation {
    return new Conversation({ ...this.#options, name: this.#name, isAgain });
  }

  async #attempt(conversation: Conversation): Promise<Ending> {
    const { now } = this.#options.surroundings;
    const start = now().getTime();
    const ending = await this.#options.attempt(conversation);
    this.#name = conversation.name;
    if (conversation.isRefused) this.#refusals++;
    else this.#refusals = 0;
    if (now().getTime() - start >= GOOD && !conversation.isRefused) this.#backoff.reset();
    return ending;
  }

  /** Waits for the next attempt; says whether there shall be one. What is entered meanwhile cannot be sent. */
  async #pause(): Promise<boolean> {
    const { desk, overtime, surroundings } = this.#options;
    const { frontend, ledger } = desk;
    const delay = this.#backoff.next();
    desk.view.notice(delay === 0 ? "connecting again" : `connecting again in ${(delay / 1000).toFixed(1)} s`);
    const { promise: timeUp, resolve } = Promise.withResolvers<"again">();
    const stop = surroundings.timer(delay, () => resolve("again"));
    try {
      for (;;) {
        const entry = await Promise.race([desk.next(`${nameText(this.#name)}> `), timeUp]);
        if (frontend.interrupted.aborted) return false;
        if (entry === "again") return true;
        if (!frontend.interactive) {
          if (entry.kind === "end" && overtime.isOver) return false;
          const next = await Promise.race([timeUp, entry.kind === "end" ? overtime.begin() : timeUp]);
          return next === "again";
        }
        if (entry.kind === "end") return false;
        desk.taken();
        if (entry.kind === "unreadable") ledger.failed(entry.why);
        else if (entry.text.trim() !== "") {
          const entered = desk.enter(entry.text);
          if (entered.kind === "leaving") return false;
          if (entered.kind === "rejected") ledger.rejected(entry.text, entered.hint);
        }
      }
    } finally {
      stop();
    }
  }

  /** A person may leave at any time; a script that lost its server has failed unless all it had to say was delivered. */
  get #givenUp(): ExitStatus {
    const { frontend, ledger } = this.#options.desk;
    const isDone = this.#options.overtime.isOver && ledger.isClean && !frontend.interrupted.aborted;
    return frontend.interactive || isDone ? LEFT : FAILED;
  }
}
