/**
 * Somebody who speaks group.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import {
  decodeAnswer,
  encodeAcknowledgement,
  encodeAnswer,
  encodeRequest,
  type Request,
} from "../../../lib/dialects/group/messages.ts";
import {
  entered,
  left,
  MESSAGE_RECEIVED,
  NAME_TAKEN,
  NOT_REGISTERED,
  readGroupMessage,
  receivedBy,
  WELCOME,
} from "../../../lib/dialects/group/texts.ts";
import type { Chance } from "../../../lib/simulation/chance.ts";
import { EVERYBODY, readText } from "../message.ts";
import { Inbox, type Life, type Sent } from "../message_tracker.ts";
import type { Behaviour } from "../behaviour.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import type { SimulationContext, Somebody } from "../user.ts";

/** Between two messages, in milliseconds: so long after one no answer to it can come any more. */
const PAUSE = [700, 2_000] as const;
/** How long an answer is waited for, in milliseconds. */
const ACK = 500;
/** How long a life is, and the pause behind it, at most, in milliseconds. */
const LIFE = 20_000;
const ABSENCE = 2_000;

/** The group chats that there are. */
const CHATS = ["chat0", "chat1", "chat2"] as const;
/** How often somebody enters a group chat before a message, and leaves one. */
const ENTERING = 0.3;
const LEAVING = 0.2;

/** The beginning of a table: it is not read, since there are many and they are long. */
const TABLE = "Header:\nupdate";
const beginning = new TextDecoder("latin1");

/** A port, and everything in datagrams that may be lost, doubled, late or overtaken. */
export class GroupUser implements Life {
  readonly #context: SimulationContext;
  readonly #chance: Chance;
  readonly #home: Endpoint;
  /** See {@linkcode Life.name}. */
  readonly name: string;
  #port: DatagramPort | undefined;
  #inbox = new Inbox();
  /** What came for everybody: what came inside a group chat is sent when that is left, behind what was sent later. */
  #inboxOfAll = new Inbox();
  /** See {@linkcode Life.chats}: those that were asked for. */
  readonly chats: Set<string> = new Set();
  #chat: string | undefined;
  #behaviour: Behaviour;
  #isReady = false;
  #isOver = false;
  #waiting: Sent | undefined;
  /** The group chat that was asked for last, and the answer to that, if it has not come. */
  #entering: string | undefined;
  #entries = 0;
  #asked: string | undefined;
  #disturbance: string | undefined;

  constructor(context: SimulationContext, name: string, chance: Chance, hostname: string) {
    this.#context = context;
    this.name = name;
    this.#chance = chance;
    this.#home = { hostname, port: 2000 };
    this.#behaviour = context.behaviour(chance);
  }

  /** See {@linkcode Life.disturbance}. */
  get disturbance(): string | undefined {
    return this.#disturbance;
  }

  /** Whether others may be told that this user is there. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether there is a life. */
  get isAlive(): boolean {
    return this.#port !== undefined;
  }

  /** Comes for the first time, soon. */
  start(): void {
    this.#context.runtime.after(this.#chance.between(0, ABSENCE), () => this.#come());
  }

  /** Does not come back. */
  stayAway(): void {
    this.#isOver = true;
  }

  /** Leaves, and does not come back. */
  finish(): void {
    this.#isOver = true;
    if (this.#port !== undefined) this.#leave();
  }

  #come(): void {
    if (this.#isOver) return;
    this.#behaviour = this.#context.behaviour(this.#chance);
    this.#inbox = new Inbox();
    this.#inboxOfAll = new Inbox();
    this.#isReady = false;
    this.#disturbance = undefined;
    // Whoever breaks off and registers again from the same port is the same client to the server, and in the same group chat.
    this.#context.tracker.inChat(this.name, this.chats.size > 0);
    this.#context.counted("life begun");
    const port = this.#context.net.host(this.#home.hostname).openPort(this.#home);
    this.#port = port;
    port.start({
      receive: (bytes, from) => this.#receive(bytes, from),
      closed: () => {
        this.#context.counted("life over");
        if (!this.#isOver) this.#context.runtime.after(this.#chance.between(100, ABSENCE), () => this.#come());
      },
    });
    this.#register(5);
    this.#later(this.#chance.between(1_000, LIFE), () => this.#leave());
  }

  /** Asks again and again, as the document has it. */
  #register(tries: number): void {
    if (this.#isReady) return;
    if (tries === 0) return this.#close();
    this.#ask({ verb: "register", user: this.name, ip: this.#home.hostname, port: this.#home.port });
    this.#later(ACK, () => this.#register(tries - 1));
  }

  #ask(request: Request): void {
    this.#port?.send(encodeRequest(request), this.#context.at("group"));
  }

  /** Calls back in this life, unless it is over by then. */
  #later(delay: number, act: () => void): void {
    const port = this.#port;
    this.#context.runtime.after(delay, () => port !== undefined && this.#port === port && act());
  }

  #receive(bytes: Uint8Array, from: Endpoint): void {
    if (bytes.length > TABLE.length && beginning.decode(bytes.subarray(0, TABLE.length)) === TABLE) return;
    const answer = decodeAnswer(bytes);
    if (typeof answer === "string") {
      return this.#context.tracker.violated(`${this.name} cannot read a datagram: ${answer}`);
    }
    switch (answer.verb) {
      case "send":
        return this.#take(
          answer.user,
          answer.message,
          () => this.#port?.send(encodeAnswer({ verb: "ack", message: receivedBy(this.name) }), from),
        );
      case "send_group": {
        const said = readGroupMessage(answer.message);
        if (said === undefined) return;
        return this.#take(
          said.from,
          said.message,
          () => this.#port?.send(encodeAcknowledgement(answer.message, this.#home.port), from),
        );
      }
      case "ack":
        return this.#answered(answer.message);
      case "leave":
        return this.#left(answer.message);
      case "nack":
        return answer.message === NOT_REGISTERED ? this.#close() : undefined;
      case "dereg":
        return this.#close();
    }
  }

  #take(from: string, text: string, acknowledge: () => void): void {
    const inbox = readText(text)?.to === EVERYBODY ? this.#inboxOfAll : this.#inbox;
    const said = this.#context.tracker.arrived(this, inbox, from, text, true);
    if (said === undefined || this.#behaviour.acknowledging === "never") return;
    this.#context.tracker.acknowledged(said.id, this);
    acknowledge();
  }

  #answered(message: string): void {
    if (message === NAME_TAKEN) return this.#close();
    if (message === WELCOME) {
      if (this.#isReady) return;
      this.#isReady = true;
      return this.#talk();
    }
    if (message === this.#asked) {
      this.#chat = this.#entering;
      this.#asked = undefined;
    }
    const sent = this.#waiting;
    if (sent === undefined) return;
    if (message === MESSAGE_RECEIVED && this.chats.has(sent.to)) {
      // That the server has it does not say who else does.
      return this.#forget();
    }
    if (message !== receivedBy(sent.to)) return;
    this.#waiting = undefined;
    this.#context.tracker.confirmed(sent);
  }

  /** Says something, and then waits until no answer to it can be taken for that to the next. */
  #talk(): void {
    if (this.#chat !== undefined && this.#chance.happens(LEAVING)) this.#leaveChat(this.#chat);
    else if (this.#chat !== undefined) this.#sayInChat(this.#chat);
    else if (this.#chance.happens(ENTERING)) this.#enterChat(this.#chance.pick(CHATS));
    else this.#sayTo(this.#context.somebody(this.#chance, this.name));
    this.#later(this.#chance.between(...PAUSE), () => this.#talk());
  }

  #sayTo(to: Somebody | undefined): void {
    if (to === undefined || !this.#context.mayTalk()) return;
    const { hostname } = this.#context.at("group");
    this.#say(to.name, (message) => ({
      verb: "send",
      user: this.name,
      to: to.name,
      ip: hostname,
      port: this.#home.port,
      message,
    }));
  }

  #sayInChat(group: string): void {
    if (!this.#context.mayTalk()) return;
    const { hostname: serverIp, port: serverPort } = this.#context.at("group");
    const { port } = this.#home;
    this.#say(
      group,
      (message) => ({ verb: "send_group", user: this.name, port, message, serverIp, serverPort, group }),
    );
  }

  #say(to: string, request: (message: string) => Request): void {
    const { sent, text } = this.#context.tracker.send(this, to);
    this.#waiting = sent;
    this.#ask(request(text));
    this.#later(ACK, () => {
      if (this.#waiting === sent) this.#forget();
    });
  }

  #enterChat(group: string): void {
    const { port } = this.#home;
    this.#entering = group;
    this.#entries++;
    this.#asked = entered(group);
    this.chats.add(group);
    this.#context.tracker.inChat(this.name, true);
    this.#ask({ verb: "create_group", port, group, user: this.name });
    // Datagrams overtake each other.
    this.#later(ACK / 2, () => this.#ask({ verb: "join_group", port, group, user: this.name }));
  }

  #leaveChat(group: string): void {
    this.#ask({ verb: "leave_group", port: this.#home.port, user: this.name, group });
  }

  /** What was on its way to the members may still come. */
  #left(message: string): void {
    const group = this.#chat;
    if (group === undefined || message !== left(group)) return;
    this.#chat = undefined;
    this.#context.tracker.inChat(this.name, false);
    const entries = this.#entries;
    this.#later(ACK, () => {
      if (this.#entering !== group || this.#entries === entries) this.chats.delete(group);
    });
  }

  #forget(): void {
    if (this.#waiting !== undefined) this.#context.tracker.forgotten(this.#waiting);
    this.#waiting = undefined;
  }

  #leave(): void {
    this.#disturbance = "leaves";
    if (this.#behaviour.leaving === "politely") this.#ask({ verb: "dereg", port: this.#home.port });
    this.#close();
  }

  #close(): void {
    this.#forget();
    this.#isReady = false;
    this.#chat = this.#entering = this.#asked = undefined;
    this.#port?.close("done");
    this.#port = undefined;
  }
}

/** group in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 25,
  make: (name, context, _dialect, chance, hostname) => new GroupUser(context, name, chance, hostname),
};
