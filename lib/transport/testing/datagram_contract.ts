/**
 * What every port for datagrams must keep, whatever carries them: one suite of tests for all of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type DatagramHandler, type DatagramPort, MAX_DATAGRAM } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";

/** Ports that reach each other, and how time passes for them. */
export interface DatagramPlace {
  /** Opens a port. */
  open(): DatagramPort;
  /** Lets time pass until something holds; throws if it does not come to that. */
  until(holds: () => boolean): Promise<void>;
}

/** Registers the tests of the contract under a name. */
export function datagramContract(name: string, makePlace: () => DatagramPlace): void {
  function test(sentence: string, body: (ports: Opened) => Promise<void>): void {
    Deno.test(`${name}: ${sentence}`, async () => {
      const opened = new Opened(makePlace());
      try {
        await body(opened);
      } finally {
        await opened.close();
      }
    });
  }

  test("a datagram arrives whole, with its sender's address", async (ports) => {
    const [near, far] = ports.pair();
    near.port.send(encode("hello"), far.port.local);
    await ports.until(() => far.texts.length === 1);
    assertEquals(far.texts, ["hello"]);
    assertEquals(far.senders, [near.port.local]);
  });

  test("datagrams keep their bounds, whatever their length", async (ports) => {
    const [near, far] = ports.pair();
    for (const length of [0, 1, 1472, 1473, 4096, MAX_DATAGRAM]) {
      near.port.send(new Uint8Array(length).fill(length % 251), far.port.local);
      await ports.until(() => far.datagrams.length === 1);
      assertEquals(far.datagrams.splice(0), [new Uint8Array(length).fill(length % 251)]);
    }
  });

  test("both ends send and receive on the same port", async (ports) => {
    const [near, far] = ports.pair();
    near.port.send(encode("to"), far.port.local);
    await ports.until(() => far.texts.length === 1);
    far.port.send(encode("fro"), far.senders[0]!);
    await ports.until(() => near.texts.length === 1);
    assertEquals(near.texts, ["fro"]);
  });

  test("what is sent first leaves first", async (ports) => {
    const [near, far] = ports.pair();
    const texts = Array.from({ length: 50 }, (_, i) => `${i}`);
    for (const text of texts) near.port.send(encode(text), far.port.local);
    await ports.until(() => far.texts.length === 50);
    assertEquals(far.texts, texts);
  });

  test("what is sent is copied, so that the sender may go on writing to it", async (ports) => {
    const [near, far] = ports.pair();
    const bytes = encode("before");
    near.port.send(bytes, far.port.local);
    bytes.set(encode("after!"));
    await ports.until(() => far.texts.length === 1);
    assertEquals(far.texts, ["before"]);
  });

  test("a datagram that is too long, or goes nowhere, is lost and does no harm", async (ports) => {
    const [near, far] = ports.pair();
    const gone = ports.open();
    gone.port.close("done");
    await ports.until(() => gone.reason !== undefined);
    near.port.send(new Uint8Array(MAX_DATAGRAM + 1), far.port.local);
    near.port.send(encode("nobody there"), gone.port.local);
    near.port.send(encode("after"), far.port.local);
    await ports.until(() => far.texts.length === 1);
    assertEquals([far.texts, gone.texts], [["after"], []]);
  });

  test("closing sends what was queued, tells the handler once, and ends all receiving", async (ports) => {
    const [near, far] = ports.pair();
    for (let i = 0; i < 20; i++) near.port.send(encode(`${i}`), far.port.local);
    near.port.close("shutdown");
    near.port.close("done");
    near.port.send(encode("too late"), far.port.local);
    assertEquals(near.reason, undefined, "never from within a call");
    await ports.until(() => near.reason !== undefined && far.texts.length === 20);
    assertEquals(near.reasons, ["shutdown"]);
    far.port.send(encode("still there?"), near.port.local);
    far.port.send(encode("to myself"), far.port.local);
    await ports.until(() => far.texts.includes("to myself"));
    assertEquals([near.texts, far.texts.includes("too late")], [[], false]);
  });

  test("a port that was never started can be closed", async (ports) => {
    const idle = ports.openIdle();
    const near = ports.open();
    idle.close("done");
    near.port.send(encode("anybody?"), idle.local);
    near.port.send(encode("me"), near.port.local);
    await ports.until(() => near.texts.length === 1);
  });

  test("a peer reaches a port under the address that the port gives for it", async (ports) => {
    const [near, far] = ports.pair();
    near.port.send(encode("hello"), far.port.addressFor(near.port.local));
    await ports.until(() => far.texts.length === 1);
    assert(far.port.local.port > 0);
  });
}

/** Writes down what a port tells its handler. */
class Recorder implements DatagramHandler {
  readonly datagrams: Uint8Array[] = [];
  readonly senders: Endpoint[] = [];
  readonly reasons: CloseReason[] = [];

  constructor(readonly port: DatagramPort) {
    port.start(this);
  }

  get texts(): string[] {
    return this.datagrams.map((bytes) => new TextDecoder().decode(bytes));
  }

  get reason(): CloseReason | undefined {
    return this.reasons[0];
  }

  receive(bytes: Uint8Array, from: Endpoint): void {
    this.datagrams.push(bytes.slice());
    this.senders.push(from);
  }

  closed(reason: CloseReason): void {
    this.reasons.push(reason);
  }
}

/** The ports of one test, closed at its end. */
class Opened {
  readonly #place: DatagramPlace;
  readonly #recorders: Recorder[] = [];

  constructor(place: DatagramPlace) {
    this.#place = place;
  }

  open(): Recorder {
    const recorder = new Recorder(this.#place.open());
    this.#recorders.push(recorder);
    return recorder;
  }

  openIdle(): DatagramPort {
    return this.#place.open();
  }

  pair(): [Recorder, Recorder] {
    return [this.open(), this.open()];
  }

  until(holds: () => boolean): Promise<void> {
    return this.#place.until(holds);
  }

  async close(): Promise<void> {
    for (const { port } of this.#recorders) port.close("done");
    await this.until(() => this.#recorders.every(({ reason }) => reason !== undefined));
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
