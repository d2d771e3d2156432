/**
 * What is confirmed was delivered, once and in order, whoever is killed meanwhile: a short run over real sockets. The long ones
 * are simulated (`simulation_test.ts`).
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Endpoint, Link } from "../lib/core/link.ts";
import { RelayClient } from "../lib/dialects/relay/client.ts";
import { connectTcp } from "../lib/transport/tcp.ts";
import { randomNumbers } from "../lib/transport/random_numbers.ts";
import { startServer } from "./server.ts";

const SENDERS = 20;
const RECIPIENTS = 20;
/** How many messages must be confirmed, and how many refused, before it is over. */
const ENOUGH = { confirmed: 500, refused: 5 };
/** How often somebody is killed, in milliseconds. */
const KILLING_MS = 20;

/** All that anybody has seen, and all that anybody was told. */
interface Record {
  /** By recipient, the messages in the order in which they were shown. */
  readonly seen: Map<string, string[]>;
  /** Messages that were confirmed, with their recipient. */
  readonly confirmed: { readonly to: string; readonly message: string }[];
  /** How many were answered with an error. */
  refused: number;
  /** Told of each answer. */
  answered(): void;
}

/** A user who can be killed, and comes back under the same name. */
class Mortal {
  readonly #server: Endpoint;
  readonly #record: Record;
  readonly #next: (() => string) | undefined;
  readonly name: string;
  #links: Link[] = [];
  #isOver = false;
  #ended = Promise.resolve();

  /** `next` gives the next line to enter, for those who send. */
  constructor(name: string, server: Endpoint, record: Record, next?: () => string) {
    this.name = name;
    this.#server = server;
    this.#record = record;
    this.#next = next;
  }

  /** Lives, dies and lives again until {@linkcode Mortal.finish}. */
  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.#once();
      await this.#ended;
    }
  }

  async #once(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const sent = new Map<number, string>();
    const client: RelayClient = new RelayClient(this.name, {
      ready: () => this.#send(client, sent),
      refused: () => client.leave(),
      message: (from, _audience, body) =>
        this.#record.seen.get(this.name)?.push(`${from} ${new TextDecoder().decode(body)}`),
      notice: () => {},
      settled: (id, outcome) => {
        const [to, body] = /^@(\w+) (.*)$/.exec(sent.get(id)!)!.slice(1);
        if (outcome.kind === "delivered") this.#record.confirmed.push({ to: to!, message: `${this.name} ${body}` });
        else this.#record.refused++;
        this.#record.answered();
        queueMicrotask(() => this.#send(client, sent));
      },
      closed: () => client.leave(),
    });
    const links = [await connectTcp(this.#server), await connectTcp(this.#server)];
    this.#links = links;
    let open = 2;
    for (const [i, handler] of client.start(links).entries()) {
      links[i]!.start({
        receive: (bytes) => handler.receive(bytes),
        ended: () => handler.ended(),
        closed: (reason) => {
          handler.closed(reason);
          if (--open === 0) closed.resolve();
        },
      });
    }
    if (this.#isOver) client.leave();
    await closed.promise;
  }

  #send(client: RelayClient, sent: Map<number, string>): void {
    if (this.#next === undefined || this.#isOver) return;
    const line = this.#next();
    const entered = client.enter(line);
    if (entered.kind === "sent") sent.set(entered.id, line);
  }

  /** Breaks off, as a process that is killed. */
  kill(): void {
    for (const link of this.#links) link.abort("left");
  }

  /** Breaks off for good. */
  finish(): void {
    this.#isOver = true;
    this.kill();
  }
}

Deno.test("what is confirmed was seen by its recipient, once and in order, while anybody is killed at any time", async () => {
  const random = randomNumbers(1);
  const pick = (count: number) => Math.floor(random() * count);

  await using running = await startServer(["relay"], "--ack-timeout", "500ms", "--log-level", "error");
  const enough = Promise.withResolvers<void>();
  const record: Record = {
    seen: new Map(),
    confirmed: [],
    refused: 0,
    answered: () => {
      if (record.confirmed.length >= ENOUGH.confirmed && record.refused >= ENOUGH.refused) enough.resolve();
    },
  };
  let number = 0;
  const recipients = Array.from({ length: RECIPIENTS }, (_, i) => {
    record.seen.set(`recipient${i}`, []);
    return new Mortal(`recipient${i}`, running.at("relay"), record);
  });
  const senders = Array.from(
    { length: SENDERS },
    (_, i) => new Mortal(`sender${i}`, running.at("relay"), record, () => `@recipient${pick(RECIPIENTS)} ${++number}`),
  );
  const everybody = [...recipients, ...senders];
  const lives = everybody.map((mortal) => mortal.live());
  const killing = setInterval(() => everybody[pick(everybody.length)]!.kill(), KILLING_MS);
  await enough.promise;
  clearInterval(killing);
  for (const mortal of everybody) mortal.finish();
  await Promise.all(lives);

  const seen = new Map([...record.seen].map(([recipient, messages]) => [recipient, new Set(messages)]));
  for (const { to, message } of record.confirmed) {
    assert(seen.get(to)!.has(message), `${message} to ${to} was confirmed and never seen`);
  }
  for (const [recipient, messages] of record.seen) {
    assertEquals(seen.get(recipient)!.size, messages.length, `${recipient} saw a message twice`);
    const last = new Map<string, number>();
    for (const message of messages) {
      const [sender, count] = message.split(" ") as [string, string];
      assert(Number(count) > (last.get(sender) ?? 0), `${recipient} saw ${message} out of order`);
      last.set(sender, Number(count));
    }
  }
  await running.server.stop();
  const { accepted, delivered, refused } = running.server.hub.counters.accounts.get("relay")!;
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  assertEquals(accepted, delivered + refusals, "the books do not balance");
  assert(delivered >= record.confirmed.length, "more was confirmed than is in the books");
});
