/**
 * A relay server as they are written with a thread for each connection: right, or with one race. A thread may lose the processor at each
 * `preempt`; what a lock would protect has none inside.
 *
 * @module
 */

import type { CloseReason } from "../../../lib/core/close_reason.ts";
import type { Link } from "../../../lib/core/link.ts";
import type { Runtime, Surroundings } from "../../../lib/core/runtime.ts";
import { encodeBodyHeader, encodeMessage, RelayDecoder } from "../../../lib/dialects/relay/codec.ts";
import { type Behaviour, Serving } from "../../mutants/serving.ts";

/** One race each, by what a server does that has it. */
export const RELAY_RACES = {
  "unlocked-write": "writes a header and its body in two writes, without a lock",
  "check-then-act": "looks whether a name is free, and takes it later",
  "changing-table": "goes through a table that changes meanwhile",
  "shared-replies": "has one queue of replies for all who asked",
  "wrong-acknowledgement": "takes an acknowledgement for the message sent last, whoever has sent it",
  "dead-recipient": "stops a broadcast at the first recipient that is gone, and confirms it",
  "task-a-message": "handles each message in a task of its own",
  "early-confirmation": "confirms before the acknowledgement when much is on its way",
  "lost-wake-up": "waits for an acknowledgement that may have come before",
  "shared-sender": "keeps the sender of a message in a variable that all threads share",
  "sent-again": "sends a message again that is not acknowledged at once",
  "late-cleanup": "takes the name of who has left out of the table, whoever has it by then",
  "shared-buffer": "reads bodies into a buffer that all threads share",
  "stale-recipient": "looks a recipient up, and writes to it later without looking whether it is still there",
} as const;

/** A race. */
export type RelayRace = keyof typeof RELAY_RACES;

/** How long it waits for an acknowledgement, in milliseconds. */
const ACK_TIMEOUT = 2_000;
/** A thread that loses the processor gets it back within this time, in milliseconds. */
const SLICE = 1;
/** So many deliveries at a time are much. */
const MUCH = 4;

interface Delivery {
  readonly from: string;
  readonly resolve: (isAcknowledged: boolean) => void;
}

interface Socket {
  readonly link: Link;
  name?: string;
  side?: string;
  /** Who has the other half of the name. */
  partner?: Socket;
  readonly deliveries: Delivery[];
}

/** Starts one on a free port. */
export function threadedRelay(surroundings: Surroundings, race?: RelayRace): Serving {
  const server = new ThreadedRelay(surroundings.runtime, race);
  return new Serving(surroundings.network, server.behaviour);
}

class ThreadedRelay {
  readonly #runtime: Runtime;
  readonly #race: RelayRace | undefined;
  readonly #table = new Map<string, Socket>();
  readonly #replies: string[] = [];
  #onTheirWay = 0;
  #sender = "";
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(runtime: Runtime, race?: RelayRace) {
    this.#runtime = runtime;
    this.#race = race;
  }

  get behaviour(): Behaviour {
    return (link) => {
      const socket: Socket = { link, deliveries: [] };
      const inbox: (() => Promise<void>)[] = [];
      let isBusy = false;
      const thread = async () => {
        if (isBusy) return;
        isBusy = true;
        for (let task = inbox.shift(); task !== undefined; task = inbox.shift()) await task();
        isBusy = false;
      };
      const take = (task: () => Promise<void>) => {
        if (this.#race === "task-a-message") return void this.#preempt().then(task);
        inbox.push(task);
        void thread();
      };
      const decoder = new RelayDecoder("SEND", 100_000, {
        message: ({ verb, argument }) => {
          // RECEIVED is what another thread waits for.
          if (verb === "RECEIVED") return this.#acknowledged(socket, argument);
          take(() => this.#register(socket, argument.split(" ")));
        },
        body: (to, body) => {
          const kept = body.slice();
          take(() => this.#send(socket, to, kept));
        },
        unreadable: () => link.end("malformed"),
      });
      return {
        receive: (bytes) => void decoder.push(bytes),
        ended: () => link.end("left"),
        closed: (reason) => this.#gone(socket, reason),
      };
    };
  }

  async #register(socket: Socket, [side = "", name = ""]: string[]): Promise<void> {
    const key = `${side} ${name}`;
    const isTaken = this.#table.has(key);
    if (this.#race === "check-then-act") await this.#preempt();
    if (isTaken) return socket.link.write(encodeMessage("ERROR 100 Malformed username"));
    socket.name = name;
    socket.side = side;
    this.#table.set(key, socket);
    const partner = this.#table.get(`${side === "TOSEND" ? "TORECV" : "TOSEND"} ${name}`);
    if (partner !== undefined) [socket.partner, partner.partner] = [partner, socket];
    socket.link.write(encodeMessage(`REGISTERED ${side} ${name}`));
  }

  async #send(socket: Socket, to: string, given: Uint8Array): Promise<void> {
    let body = given;
    const { name = "" } = socket;
    if (this.#race === "shared-sender") this.#sender = name;
    if (this.#race === "shared-buffer") this.#buffer = body;
    await this.#preempt();
    if (this.#race === "shared-buffer") body = this.#buffer;
    const from = this.#race === "shared-sender" ? this.#sender : name;
    const isDelivered = to === "ALL" ? await this.#toAll(name, from, body) : await this.#toOne(to, from, body);
    let reply = isDelivered ? `SENT ${to}` : "ERROR 102 Unable to send";
    if (this.#race === "shared-replies") {
      this.#replies.push(reply);
      await this.#preempt();
      reply = this.#replies.pop()!;
    }
    socket.link.write(encodeMessage(reply));
  }

  async #toOne(to: string, from: string, body: Uint8Array): Promise<boolean> {
    const recipient = this.#recipient(to);
    if (recipient === undefined) return false;
    if (this.#race === "stale-recipient") {
      await this.#sleep(10 * SLICE);
      await this.#write(recipient, from, body);
      // A write to who is gone goes nowhere, and nobody sees that.
      return this.#recipient(to) === recipient ? await this.#acknowledgement(recipient, from) : true;
    }
    return await this.#deliver(recipient, from, body);
  }

  async #toAll(own: string, from: string, body: Uint8Array): Promise<boolean> {
    const live = () => [...this.#table].filter(([key]) => key.startsWith("TORECV ") && key !== `TORECV ${own}`);
    if (this.#race === "changing-table") {
      let isDelivered = true;
      for (let i = 0; i < live().length; i++) {
        isDelivered = await this.#deliver(live()[i]![1], from, body) && isDelivered;
      }
      return isDelivered;
    }
    const recipients = live().filter(([, { name = "" }]) => this.#recipient(name) !== undefined);
    if (this.#race === "dead-recipient") {
      for (const [, recipient] of recipients) if (!await this.#deliver(recipient, from, body)) break;
      return true;
    }
    const all = await Promise.all(recipients.map(([, recipient]) => this.#deliver(recipient, from, body)));
    return all.length > 0 && all.every((isDelivered) => isDelivered);
  }

  /** Who has both halves of a name. */
  #recipient(name: string): Socket | undefined {
    return this.#table.has(`TOSEND ${name}`) ? this.#table.get(`TORECV ${name}`) : undefined;
  }

  async #deliver(recipient: Socket, from: string, body: Uint8Array): Promise<boolean> {
    if (this.#race === "lost-wake-up") {
      await this.#write(recipient, from, body);
      await this.#preempt();
      return await this.#acknowledgement(recipient, from);
    }
    const acknowledged = this.#acknowledgement(recipient, from);
    await this.#write(recipient, from, body);
    if (this.#race === "early-confirmation" && this.#onTheirWay > MUCH) return true;
    if (this.#race === "sent-again") {
      const isSlow = Symbol();
      const first = await Promise.race([acknowledged, this.#sleep(SLICE / 2).then(() => isSlow)]);
      if (first === isSlow) await this.#write(recipient, from, body);
    }
    return await acknowledged;
  }

  async #write(recipient: Socket, from: string, body: Uint8Array): Promise<void> {
    recipient.link.write(encodeBodyHeader("FORWARD", from, body.length));
    if (this.#race === "unlocked-write") await this.#preempt();
    recipient.link.write(body);
  }

  #acknowledgement(recipient: Socket, from: string): Promise<boolean> {
    this.#onTheirWay++;
    return new Promise((resolve) => {
      const timer = this.#race === "lost-wake-up"
        ? undefined
        : this.#runtime.after(ACK_TIMEOUT, () => delivery.resolve(false));
      const delivery: Delivery = {
        from,
        resolve: (isAcknowledged) => {
          timer?.cancel();
          const at = recipient.deliveries.indexOf(delivery);
          if (at < 0) return;
          recipient.deliveries.splice(at, 1);
          this.#onTheirWay--;
          resolve(isAcknowledged);
        },
      };
      recipient.deliveries.push(delivery);
    });
  }

  #acknowledged({ deliveries }: Socket, from: string): void {
    const delivery = this.#race === "wrong-acknowledgement"
      ? deliveries.at(-1)
      : deliveries.find((one) => one.from === from);
    delivery?.resolve(true);
  }

  #gone(socket: Socket, _: CloseReason): void {
    for (const delivery of [...socket.deliveries]) delivery.resolve(false);
    const { side, name } = socket;
    const key = `${side} ${name}`;
    if (name === undefined || this.#table.get(key) !== socket) return;
    this.#table.delete(key);
    const { partner } = socket;
    const other = `${side === "TOSEND" ? "TORECV" : "TOSEND"} ${name}`;
    // Both halves at once: who comes under the name before the partner is gone would have to do with this one's end.
    if (partner !== undefined && this.#table.get(other) === partner) this.#table.delete(other);
    partner?.link.end("partner-left");
    if (this.#race === "late-cleanup") void this.#sleep(20).then(() => this.#table.delete(key));
  }

  #preempt(): Promise<void> {
    return this.#sleep(this.#runtime.random() * SLICE);
  }

  #sleep(time: number): Promise<void> {
    return new Promise((resolve) => void this.#runtime.after(time, resolve));
  }
}
