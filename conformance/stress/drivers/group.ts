/**
 * group: a port a user, requests that are answered one after the other, and messages to the group that one is in.
 *
 * @module
 */

import type { Timer } from "../../../lib/core/runtime.ts";
import {
  type Answer,
  decodeAnswer,
  decodeTable,
  encodeAcknowledgement,
  encodeRequest,
  type Request,
} from "../../../lib/dialects/group/messages.ts";
import * as texts from "../../../lib/dialects/group/texts.ts";
import { ACK_MS } from "../../../lib/dialects/group/times.ts";
import type { Driver, StressClient, StressHost } from "../driver.ts";
import type { GroupOperation, Sending } from "../history.ts";
import type { StressLink } from "../stress_link.ts";

/** A list is over when so long nothing more of it has come, in milliseconds: nothing says where it ends. */
const LIST_END = 60;
/** A request is sent so often in all: twice as often as the document has it, since it is the deadline that decides here. */
const TRIES = 10;
/** Answers carry no number: behind a request that was repeated, it is waited so long until none of them can come any more. */
const LAST_ANSWERS = 2 * ACK_MS;

/** Plays group clients. */
export const GROUP_DRIVER: Driver = {
  dialect: "group",
  hasAcknowledgements: false,
  isConnectionless: true,
  abilities: {
    choosesNames: true,
    sendsToOne: false,
    sendsToAll: true,
    hasGroups: true,
    fillings: ["words", "lookalike"],
    sizes: [24, 32, 64, 100, 200, 400, 900],
  },
  async come(host) {
    const client = new GroupStressClient(host);
    return await client.register() ? client : undefined;
  },
};

/** Says of an answer whether it is the one to a request, or one of those. */
type IsAnswer = (answer: Answer) => boolean;

class GroupStressClient implements StressClient {
  readonly #host: StressHost;
  #link: StressLink | undefined;
  #waiting: { readonly isAnswer: IsAnswer; readonly resolve: (answer: Answer | undefined) => void } | undefined;
  #list: string[] = [];
  #listAt: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #timers = new Map<Timer, () => void>();
  #isMarked = false;
  #isClosed = false;
  #group: string | undefined;

  constructor(host: StressHost) {
    this.#host = host;
  }

  get name(): string {
    return this.#host.name;
  }

  get group(): string | undefined {
    return this.#group;
  }

  async register(): Promise<boolean> {
    this.#link = await this.#host.dial((bytes) => this.#receive(bytes), () => this.#closed());
    const { hostname: ip } = this.#link.local!;
    const claim = this.#host.claim(this.name);
    const request = { verb: "register", user: this.name, ip, port: this.#port } as const;
    // A server that is only starting hears nothing yet.
    let answer: Answer | undefined;
    while (answer === undefined && !this.#isClosed) {
      answer = await this.#ask(request, ({ verb }) => verb === "ack" || verb === "nack");
    }
    if (answer === undefined) return false;
    const isRegistered = answer.verb === "ack" && answer.message === texts.WELCOME;
    this.#host.answer(claim, isRegistered ? "ok" : "fail");
    return isRegistered;
  }

  send(_: string | undefined, body: Uint8Array, sending: Sending): void {
    const group = this.#group ?? "";
    const { hostname: serverIp, port: serverPort } = this.#link!.remote;
    const message = new TextDecoder("latin1").decode(body);
    const names = { user: this.name, port: this.#port, group };
    const request = { verb: "send_group", message, serverIp, serverPort, ...names } as const;
    void this.#inTurn(async () => {
      const answer = await this.#ask(request, isEither(texts.MESSAGE_RECEIVED), () => sending.isRepeated = true);
      if (answer === undefined) return this.#host.unanswered(sending);
      if (answer.verb === "nack") this.#isOut(group);
      this.#host.answer(sending, answer.verb === "ack" ? "ok" : "fail", textOf(answer));
    });
  }

  act(kind: GroupOperation["kind"], group: string): Promise<void> {
    return this.#inTurn(async () => {
      if (kind === "join") return await this.#join(group);
      // Whoever is in no group has none to leave, and is told nothing of any.
      if (this.#group === undefined) return await this.#join(group);
      if (kind === "leave") return await this.#leaveGroup(this.#group);
      await this.#members(this.#group);
    });
  }

  leave(): Promise<boolean> {
    return this.#inTurn(async () => {
      // No document says that who is offline is out of its group as well.
      if (this.#group !== undefined) await this.#leaveGroup(this.#group);
      const answer = await this.#ask({ verb: "dereg", port: this.#port }, ({ verb }) => verb === "dereg");
      return answer !== undefined;
    });
  }

  get #port(): number {
    return this.#link!.local!.port;
  }

  async #join(group: string): Promise<void> {
    if (this.#group === group) return await this.#members(group);
    if (this.#group !== undefined) await this.#leaveGroup(this.#group);
    const names = { port: this.#port, group, user: this.name };
    // Somebody else may have made it meanwhile.
    const isMade: IsAnswer = (answer) =>
      isEither(texts.created(group))(answer) || textOf(answer) === texts.exists(group);
    await this.#ask({ verb: "create_group", ...names }, isMade);
    const operation = this.#host.asks("join", group);
    this.#group = group;
    const answer = await this.#ask({ verb: "join_group", ...names }, isEither(texts.entered(group)));
    this.#answered(operation, answer);
    if (answer?.verb === "nack") this.#group = undefined;
  }

  async #leaveGroup(group: string): Promise<void> {
    const operation = this.#host.asks("leave", group);
    this.#group = undefined;
    const request = { verb: "leave_group", port: this.#port, user: this.name, group } as const;
    this.#answered(operation, await this.#ask(request, ({ verb }) => verb === "leave" || verb === "nack"));
  }

  /** Asks twice: a list of which a datagram was lost on its way, or has not come yet, tells nothing of the server. */
  async #members(group: string): Promise<void> {
    const operation = this.#host.asks("members", group);
    const request = { verb: "list_members", port: this.#port, user: this.name, group } as const;
    const lists: Set<string>[] = [];
    for (let i = 0; i < 2; i++) {
      this.#list = [];
      const answer = await this.#ask(request, isEither(texts.MEMBERS_FOLLOW));
      if (answer === undefined) return this.#host.unanswered(operation);
      if (answer.verb === "nack") {
        this.#isOut(group);
        return this.#host.answer(operation, "fail", textOf(answer));
      }
      do {
        this.#listAt = undefined;
        await this.#sleep(LIST_END);
      } while (this.#listAt !== undefined && !this.#isClosed);
      const before = texts.memberLine(group, "");
      const names = this.#list.filter((line) => line.startsWith(before)).map((line) => line.slice(before.length));
      if (!this.#list.includes(texts.membersTitle(group))) return this.#host.unanswered(operation);
      lists.push(new Set(names));
    }
    if (this.#isClosed) return;
    const [first, second] = lists as [Set<string>, Set<string>];
    operation.members = [...first.intersection(second)];
    operation.unsure = [...first.symmetricDifference(second)];
    this.#host.answer(operation, "ok");
  }

  #answered(operation: GroupOperation, answer: Answer | undefined): void {
    if (answer === undefined) this.#host.unanswered(operation);
    else this.#host.answer(operation, answer.verb === "nack" ? "fail" : "ok", textOf(answer));
  }

  /** The server says that it is not in the group, or not any more. */
  #isOut(group: string): void {
    this.#host.outOf(group);
    if (this.#group === group) this.#group = undefined;
  }

  /** Asks when all before is answered. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(task);
    this.#queue = done;
    return done;
  }

  /** Asks, again and again if need be; nothing if it was not answered. */
  async #ask(request: Request, isAnswer: IsAnswer, repeated?: () => void): Promise<Answer | undefined> {
    // The same bytes soon again would be taken for a repetition.
    const datagram = encodeRequest(request, this.#isMarked = !this.#isMarked);
    const answered = Promise.withResolvers<Answer | undefined>();
    let answer: Answer | undefined;
    this.#waiting = {
      isAnswer,
      resolve: (given) => {
        answer = given;
        answered.resolve(given);
      },
    };
    let tries = 0;
    for (; tries < TRIES && answer === undefined && !this.#isClosed; tries++) {
      if (tries > 0) repeated?.();
      this.#link?.write(datagram);
      await this.#sleep(ACK_MS, answered.promise);
    }
    this.#waiting = undefined;
    if (tries > 1) await this.#sleep(LAST_ANSWERS);
    return answer;
  }

  /** Waits so many milliseconds, or until something has come, or it is over. */
  async #sleep(time: number, sooner?: Promise<unknown>): Promise<void> {
    if (this.#isClosed) return;
    const over = Promise.withResolvers<void>();
    const timer = this.#host.after(time, over.resolve);
    this.#timers.set(timer, over.resolve);
    await Promise.race(sooner === undefined ? [over.promise] : [over.promise, sooner]);
    timer.cancel();
    this.#timers.delete(timer);
  }

  #receive(bytes: Uint8Array): void {
    const answer = decodeAnswer(bytes);
    if (typeof answer === "string") return this.#host.garbled(`a datagram that cannot be read (${answer})`);
    if (answer.verb === "send_group") return this.#message(answer.message);
    if (answer.verb === "list_members") {
      this.#list.push(answer.message);
      this.#listAt = this.#list.length;
      return;
    }
    if (answer.verb === "update") return this.#table(answer.payload);
    if (answer.verb === "send" || answer.verb === "list_groups") return;
    const waiting = this.#waiting;
    if (waiting?.isAnswer(answer) !== true) return;
    this.#waiting = undefined;
    waiting.resolve(answer);
  }

  #message(text: string): void {
    const message = texts.readGroupMessage(text);
    if (message === undefined) return this.#host.garbled(text);
    const body = Uint8Array.from(message.message, (char) => char.charCodeAt(0));
    this.#host.acknowledge(this.#host.arrive(message.from, body));
    this.#link?.write(encodeAcknowledgement(text, this.#port));
  }

  /** A table says whether the server still has it in its group. */
  #table(payload: string): void {
    const mode = decodeTable(payload)?.get(this.name)?.mode;
    if (mode !== undefined && this.#group !== undefined && mode !== this.#group) this.#host.outOf(this.#group);
  }

  #closed(): void {
    this.#isClosed = true;
    for (const resolve of this.#timers.values()) resolve();
  }
}

/** That what was asked for has happened, with these words, or that it has not. */
function isEither(text: string): IsAnswer {
  return (answer) => answer.verb === "nack" || answer.verb === "ack" && answer.message === text;
}

function textOf(answer: Answer): string {
  return "message" in answer ? answer.message : "";
}
