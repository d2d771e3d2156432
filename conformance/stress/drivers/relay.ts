/**
 * relay: two sockets a user, and an answer for each message, in their order.
 *
 * @module
 */

import { concat } from "@std/bytes";
import { Fifo } from "../../../lib/core/fifo.ts";
import { encodeBodyHeader, encodeMessage, RelayDecoder } from "../../../lib/dialects/relay/codec.ts";
import type { Header } from "../../../lib/dialects/relay/header.ts";
import type { Driver, StressClient, StressHost } from "../driver.ts";
import type { Sending } from "../history.ts";
import type { StressLink } from "../stress_link.ts";

/** The largest body that is taken, in bytes. */
const MAX_BODY = 16 * 1024 * 1024;

/** Plays relay clients. */
export const RELAY_DRIVER: Driver = {
  dialect: "relay",
  hasAcknowledgements: true,
  abilities: {
    choosesNames: true,
    sendsToOne: true,
    sendsToAll: true,
    hasGroups: false,
    fillings: ["words", "lookalike", "lines", "bytes"],
    sizes: [24, 32, 40, 64, 64, 100, 100, 300, 1_000, 5_000, 65_536],
  },
  come,
};

/** How servers confirm a message. */
const CONFIRMATIONS = ["SENT", "SEND"];
/** What may stand for one of their words; half of one and half of another are not told from it, but differ each time. */
const WORD = /^[A-Za-z0-9]+$/;

/** Whether a client is registered: that it is said in another word is one clause, which the fixtures show. */
function isAccepted({ verb }: Header): boolean {
  return verb !== "ERROR" && WORD.test(verb);
}

/** Waits for one message without a body. */
type Waiting = (header: Header) => void;

async function come(host: StressHost): Promise<StressClient | undefined> {
  const { name } = host;
  const pending = new Fifo<Sending>();
  let waiting: Waiting | undefined;
  let confirmation: string | undefined;
  const answers = new RelayDecoder(undefined, MAX_BODY, {
    message: (header) => {
      if (waiting !== undefined) return waiting(header);
      const sending = pending.peek();
      const words = `${header.verb} ${header.argument}`;
      if (sending === undefined) return host.garbled(`the answer ${words} to nothing that it asked`);
      pending.shift();
      if (header.verb === "ERROR") return host.answer(sending, "fail", words);
      if (CONFIRMATIONS.includes(header.verb)) return host.answer(sending, "ok", words);
      // Another word is one clause that the fixtures show; whoever says it once says it always.
      confirmation ??= header.verb;
      if (WORD.test(header.verb) && header.verb === confirmation) return host.answer(sending, "ok", words);
      host.garbled(`the answer ${words}`);
    },
    body: () => {},
    unreadable: (fault) => host.garbled(`an answer that cannot be read (${fault})`),
  });
  const forwards = new RelayDecoder("FORWARD", MAX_BODY, {
    message: (header) => {
      if (waiting !== undefined) return waiting(header);
      host.garbled(`${header.verb} ${header.argument}`);
    },
    body: (from, body) => {
      const arrival = host.arrive(from, body);
      if (arrival.garbled !== undefined) return;
      host.acknowledge(arrival);
      receiver.write(encodeMessage(`RECEIVED ${from}`));
    },
    unreadable: (fault) => host.garbled(`a FORWARD that cannot be read (${fault})`),
  });
  const sender = await host.dial((bytes) => void answers.push(bytes));
  const register = async (side: "TOSEND" | "TORECV", link: StressLink) => {
    const claim = host.claim(`${name} (${side})`);
    const answered = new Promise<Header>((resolve) => {
      waiting = (header) => {
        waiting = undefined;
        host.answer(claim, isAccepted(header) ? "ok" : "fail");
        resolve(header);
      };
    });
    link.write(encodeMessage(`REGISTER ${side} ${name}`));
    return isAccepted(await answered);
  };
  if (!await register("TOSEND", sender)) return undefined;
  const receiver: StressLink = await host.dial((bytes) => void forwards.push(bytes));
  if (!await register("TORECV", receiver)) return undefined;
  return {
    name,
    send(to = "ALL", body, sending) {
      pending.push(sending);
      sender.write(concat([encodeBodyHeader("SEND", to, body.length), body]));
    },
    leave() {},
  };
}
