/**
 * One conversation: from the server's yes to the last outcome.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import type { ClientEvents, ClientOutcome, Session } from "../../dialects/dialect.ts";
import type { Audience } from "../../hub/delivery.ts";
import type { ServerConnection } from "./connection.ts";
import type { ClientState } from "./client_state.ts";
import { Doubt } from "./doubt.ts";
import type { Entry, Frontend } from "../frontend/frontend.ts";
import type { PendingLines } from "./pending_lines.ts";
import type { Linger } from "./linger.ts";
import { askName } from "../frontend/questions.ts";
import { type ExitStatus, FAILED, LEFT, UNREACHABLE } from "../exit_status.ts";
import type { MessageLog } from "./message_log.ts";
import { type SetTimer, Waiter } from "./waiter.ts";
import type { Printer } from "../output/printer.ts";
import { WaitingLines } from "./waiting_lines.ts";
import { nameText } from "../output/texts.ts";

/**
 * How long a server may leave us without any answer while we wait for one, in milliseconds: several times its ack timeout
 * (5 s by default), since it may be slow, but a script must not hang for ever.
 */
export const ANSWER_TIMEOUT = 30_000;

/** How many messages may be without an answer at a time; the next line is asked for when there are fewer. */
const MAX_OPEN = 64;

/** How long the server may take to close its side when we leave, and when we leave in a hurry, in milliseconds. */
const LEAVING = 1_000;
const LEAVING_AT_ONCE = 200;

/** What a conversation is about. */
export interface ConversationOptions {
  /** Where lines come from, and where events go. */
  readonly desk: ClientState;
  /** The name to go by. */
  readonly name: string;
  /** The server, as it is shown. */
  readonly server: string;
  /** Where what the dialect's document wants to be kept is written. */
  readonly transcripts: Pick<MessageLog, "append">;
  /** How long a script goes on listening. */
  readonly overtime: Linger;
  /** Tells the time. */
  readonly timer: SetTimer;
  /** How long the server may be silent while we wait for it, in milliseconds; {@linkcode ANSWER_TIMEOUT} by default. */
  readonly patience?: number | undefined;
  /** Whether somebody makes another connection when this one is lost. */
  readonly reconnects?: boolean | undefined;
  /** Whether the server has accepted the name before, so that it may be tried again if it is refused now. */
  readonly isAgain?: boolean | undefined;
}

/** How a conversation ended. */
export interface Ending {
  /** How it went, if it is not continued. */
  readonly status: ExitStatus;
  /** Whether there was more to say or to hear, and another connection may help. */
  readonly isLost: boolean;
}

/** Ties a session's events to what is read and shown on this side, and knows when all is settled. */
export class Conversation implements ClientEvents {
  readonly #options: ConversationOptions;
  readonly #desk: ClientState;
  readonly #frontend: Frontend;
  readonly #view: Printer;
  readonly #ledger: PendingLines;
  readonly #waiter: Waiter;
  readonly #doubt: Doubt;
  readonly #queue: WaitingLines;
  #session: Session | undefined;
  #name: string;
  #registration: "asked" | "refused" | "ready" = "asked";
  /** Resolved when there is nobody left to wait for, or nobody who waits. */
  readonly #stopped = Promise.withResolvers<undefined>();
  /** The server has closed, or broken the protocol. */
  #fault: "connection" | "protocol" | undefined;
  #isAskingName = false;
  /** To whom messages are that have no outcome yet. */
  readonly #addressed = new Map<number, string>();

  /** It begins with {@linkcode Conversation.hold}. */
  constructor(options: ConversationOptions) {
    const { desk, timer, name } = options;
    this.#options = options;
    this.#desk = desk;
    this.#frontend = desk.frontend;
    this.#view = desk.view;
    this.#ledger = desk.ledger;
    this.#waiter = new Waiter(timer);
    this.#doubt = new Doubt({
      ...{ dialect: desk.dialect.name, server: options.server, timer },
      tell: (text) => this.#view.problem(text),
    });
    this.#queue = new WaitingLines(timer, (text) => this.#view.notice(text));
    this.#name = name;
  }

  /** The name that we go by. */
  get name(): string {
    return this.#name;
  }

  /** Whether the server does not accept the name. */
  get isRefused(): boolean {
    return this.#registration === "refused";
  }

  /**
   * Registers, talks until one side has enough, leaves. The session is one that was made with this as its events; its
   * connection is closing or closed when it resolves.
   */
  async hold(session: Session, connection: ServerConnection): Promise<Ending> {
    const { interrupted } = this.#frontend;
    const stop = () => {
      this.#stopped.resolve(undefined);
      this.#waiter.changed();
    };
    this.#session = session;
    this.#frontend.onPressure((piledUp) => connection.pause(piledUp));
    interrupted.addEventListener("abort", stop);
    connection.start(() => this.#waiter.changed());
    if (!this.#options.isAgain) this.#doubt.begin();
    const refusal = await this.#register(session);
    this.#doubt.end();
    const ending = refusal ?? await this.#talk(session, connection);
    interrupted.removeEventListener("abort", stop);
    this.#queue.stop();
    this.#desk.connect(undefined);
    const isInterrupted = interrupted.aborted;
    if (!ending.isLost) this.#frontend.endInput();
    session.leave(isInterrupted);
    connection.pause(false);
    await this.#waiter.until(() => !connection.isOpen, isInterrupted ? LEAVING_AT_ONCE : LEAVING);
    connection.abort();
    return ending;
  }

  /** The server has accepted us. */
  ready(name: string): void {
    this.#name = name;
    this.#registration = "ready";
    this.#view.show({ kind: "connected", server: this.#options.server, name });
    if (this.#frontend.interactive && !this.#options.isAgain && this.#session?.prompt === undefined) {
      this.#view.notice(`write ${this.#desk.dialect.usage}; /help tells more, Ctrl-D leaves`);
    }
    this.#waiter.changed();
  }

  /** The server does not accept the name. */
  refused(why: string, by?: "server" | "client"): void {
    this.#doubt.end();
    this.#registration = "refused";
    const name = nameText(this.#name);
    this.#view.problem(
      by === "client" ? `${name} is no name here: ${why}` : `the server refuses the name ${name}: ${why}`,
    );
    this.#waiter.changed();
  }

  /** Something arrives from the server; says whether it is for the session, or shows that nothing will ever be. */
  overhears(bytes: Uint8Array): boolean {
    if (this.#registration !== "asked") return true;
    if (this.#fault !== undefined) return false;
    const why = this.#options.isAgain ? undefined : this.#doubt.hear(bytes);
    if (why === undefined) return true;
    this.#fault = "protocol";
    this.#view.problem(why);
    this.#stopped.resolve(undefined);
    this.#waiter.changed();
    return false;
  }

  /** Somebody says something. */
  message(from: string, audience: Audience | "untold", body: Uint8Array): void {
    this.#view.show({ kind: "message", from, audience, body });
    this.#desk.met(from);
  }

  /** The server has something to tell. */
  notice(text: string): void {
    this.#view.notice(text);
    this.#desk.heard(text, this.#name);
  }

  /** What became of a message is known, as far as it ever will be. */
  settled(id: number, outcome: ClientOutcome, words?: string): void {
    this.#ledger.settled(id, outcome, words);
    this.#queue.settled(id);
    const to = this.#addressed.get(id);
    this.#addressed.delete(id);
    if (to !== undefined) this.#learn(to, outcome);
    this.#waiter.changed();
  }

  /** Whoever has something is there, or was a moment ago. */
  #learn(to: string, { kind }: ClientOutcome): void {
    if (kind === "delivered" || kind === "handed-over") this.#desk.met(to);
    else if (kind === "unknown" || kind === "gone") this.#desk.lost(to);
  }

  /** Something is to be kept in a file. */
  keep(file: string, line: string): void {
    try {
      this.#options.transcripts.append(file, line);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#ledger.failed(error.message);
    }
  }

  /** The session is over. */
  closed(why: string, fault?: "protocol" | "connection"): void {
    this.#fault = fault ?? "connection";
    const { server } = this.#options;
    const { name } = this.#desk.dialect;
    this.#view.problem(fault === "protocol" ? `${server} does not keep to ${name}: ${why}` : `${server}: ${why}`);
    if (this.#isAskingName) this.#frontend.endInput();
    this.#stopped.resolve(undefined);
    this.#waiter.changed();
  }

  /** Gives how it ended if it comes to nothing. */
  async #register(session: Session): Promise<Ending | undefined> {
    for (;;) {
      const isAnswered = await this.#until(() => this.#registration !== "asked");
      if (this.#frontend.interrupted.aborted) return this.#interruption;
      if (this.#registration === "ready") return undefined;
      const isOver = this.#fault !== undefined;
      if (!isAnswered) {
        const { server } = this.#options;
        if (!isOver) this.#view.problem(`${server} does not answer: is it a ${this.#desk.dialect.name} server?`);
        return this.#failure(UNREACHABLE);
      }
      if (this.#options.isAgain || !this.#frontend.interactive || isOver) return this.#failure(FAILED);
      this.#isAskingName = true;
      const name = await askName(this.#frontend, this.#view);
      this.#isAskingName = false;
      if (name === undefined) return { status: this.#fault === undefined ? LEFT : FAILED, isLost: false };
      this.#name = name;
      this.#registration = "asked";
      session.rename(name);
    }
  }

  async #talk(session: Session, connection: ServerConnection): Promise<Ending> {
    this.#desk.connect(session);
    let isEnded = false;
    while (await this.#until(() => this.#ledger.open < MAX_OPEN)) {
      const prompt = session.prompt ?? `${nameText(this.#name)}> `;
      const entry = await Promise.race([this.#desk.next(prompt), this.#stopped.promise]);
      if (entry === undefined || this.#isStopped) break;
      const next = await this.#take(entry, connection);
      isEnded = next === "end";
      if (next !== "more") break;
    }
    if (this.#frontend.interactive && isEnded && this.#ledger.open > 0) {
      this.#view.notice(`waiting for ${this.#ledger.open} answers; Ctrl-C leaves at once`);
    }
    await this.#until(() => this.#ledger.open === 0);
    if (isEnded && !this.#isStopped && this.#ledger.open === 0 && !this.#frontend.interactive) {
      await Promise.race([this.#options.overtime.begin(), this.#stopped.promise]);
    }
    return this.#conclude(isEnded);
  }

  async #take(entry: Entry, connection: ServerConnection): Promise<"more" | "end" | "stuck"> {
    // The end stays the next that is read, also over another connection.
    if (entry.kind === "end") return "end";
    this.#desk.taken();
    if (entry.kind === "unreadable") this.#ledger.failed(entry.why);
    else if (entry.text.trim() !== "" || this.#session?.takesBlanks) return await this.#enter(entry.text, connection);
    return "more";
  }

  /** Sends a line and waits until it is handed over: where a dialect has no outcomes, only this keeps the pace. */
  async #enter(line: string, connection: ServerConnection): Promise<"more" | "end" | "stuck"> {
    const entered = this.#desk.enter(line);
    if (entered.kind === "leaving") return "end";
    if (entered.kind === "rejected") {
      this.#ledger.rejected(line, entered.hint, { why: entered.why, number: this.#desk.numberOf(line) });
    }
    if (entered.kind === "asked") this.#ledger.asked(entered.id, line);
    if (entered.kind === "sent") {
      this.#ledger.sent(entered.id, entered.line ?? line);
      if (entered.waits !== undefined) this.#queue.sent(entered.id, entered.line ?? line);
      if (entered.audience === "direct") this.#addressed.set(entered.id, entered.to);
    }
    return await this.#until(connection.flush()) ? "more" : "stuck";
  }

  /** Tells what stays open; the status says how it all went. */
  #conclude(isEnded: boolean): Ending {
    const isInterrupted = this.#frontend.interrupted.aborted;
    const isDone = isEnded && (this.#frontend.interactive || this.#options.overtime.isOver);
    const isComplete = isDone && this.#ledger.open === 0;
    if (!isComplete && !this.#isStopped) this.#view.problem(`${this.#options.server} does not answer any more`);
    this.#ledger.giveUp(isInterrupted ? "we left" : this.#fault !== undefined ? "the connection is gone" : "no answer");
    if (isInterrupted) return this.#interruption;
    if (!isComplete) return isDone ? { status: FAILED, isLost: false } : this.#failure(FAILED);
    return { status: this.#frontend.interactive || this.#ledger.isClean ? LEFT : FAILED, isLost: false };
  }

  /** Another connection may help, unless we have never been accepted, or the server speaks something else. */
  #failure(status: ExitStatus): Ending {
    const { reconnects = false, isAgain = false } = this.#options;
    const wasAccepted = isAgain || this.#registration === "ready";
    return { status, isLost: reconnects && wasAccepted && this.#fault !== "protocol" };
  }

  /** A person may leave at any time; a script that is cut short has not done its work. */
  get #interruption(): Ending {
    return { status: this.#frontend.interactive ? LEFT : FAILED, isLost: false };
  }

  /** Whether there is nobody left to wait for, or nobody who waits. */
  get #isStopped(): boolean {
    return this.#fault !== undefined || this.#frontend.interrupted.aborted;
  }

  /** Waits until something holds; `false` if it does not come to that. */
  async #until(holds: () => boolean): Promise<boolean> {
    let held = false;
    // What holds at that moment need not any more when the waiting has ended.
    await this.#waiter.until(() => (held = holds()) || this.#isStopped, this.#options.patience ?? ANSWER_TIMEOUT);
    return held;
  }
}
