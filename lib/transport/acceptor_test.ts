import { connect } from "node:net";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type Accepting, Acceptor } from "./acceptor.ts";
import { makeAuthority } from "./testing/certificates.ts";

/** Gives what it was told to, then waits until it is closed. */
class Script implements Accepting<string> {
  readonly #steps: (string | Error)[];
  readonly #closed = Promise.withResolvers<never>();
  closes = 0;

  constructor(steps: readonly (string | Error)[]) {
    this.#steps = [...steps];
    // Nobody need be waiting when it is closed.
    this.#closed.promise.catch(() => {});
  }

  accept(): Promise<string> {
    const step = this.#steps.shift();
    if (step === undefined) return this.#closed.promise;
    return typeof step === "string" ? Promise.resolve(step) : Promise.reject(step);
  }

  close(): void {
    this.closes++;
    this.#closed.reject(new Error("closed"));
  }
}

/** What the system says where it is short of file descriptors. */
function shortage(): Error {
  return Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
}

/** What it says of a connection that its peer has reset before it was accepted. */
function reset(): Error {
  return Object.assign(new Error("Transport endpoint is not connected (os error 107)"), { code: "ENOTCONN" });
}

/** Runs a script until this many connections were accepted. */
async function run(
  script: Script,
  count: number,
): Promise<{ accepted: string[]; errors: unknown[]; pauses: number[]; lost: unknown[] }> {
  const seen = { accepted: [] as string[], errors: [] as unknown[], pauses: [] as number[], lost: [] as unknown[] };
  const all = Promise.withResolvers<void>();
  const onAcceptError = (error: unknown, retryIn: number) => {
    seen.errors.push(error);
    seen.pauses.push(retryIn);
  };
  const onLost = (error: unknown) => seen.lost.push(error);
  const acceptor = new Acceptor(script, { onAcceptError, onLost }, (connection) => {
    seen.accepted.push(connection);
    if (seen.accepted.length === count) all.resolve();
  });
  await all.promise;
  acceptor.close();
  acceptor.close();
  return seen;
}

Deno.test("connections are accepted one after the other", async () => {
  const script = new Script(["a", "b", "c"]);
  assertEquals((await run(script, 3)).accepted, ["a", "b", "c"]);
  assertEquals(script.closes, 1);
});

Deno.test("after a shortage accepting goes on, and somebody is told", async () => {
  const error = shortage();
  const seen = await run(new Script(["a", error, "b"]), 2);
  assertEquals(seen.accepted, ["a", "b"]);
  assertStrictEquals(seen.errors[0], error);
});

Deno.test("shortages in a row are met with longer and longer pauses, until one connection is accepted", async () => {
  const error = shortage();
  const { pauses, lost } = await run(new Script([error, error, error, "a", error, "b"]), 2);
  assertEquals(pauses, [5, 10, 20, 5]);
  assertEquals(lost, []);
});

for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]) {
  Deno.test(`${code} is a shortage`, async () => {
    const { pauses } = await run(new Script([Object.assign(new Error("short"), { code }), "a"]), 1);
    assertEquals(pauses, [5]);
  });
}

Deno.test("a connection that is lost before it is accepted costs no pause, however many of them there are", async () => {
  const errors = Array.from({ length: 1000 }, reset);
  const { accepted, pauses, lost } = await run(new Script(["a", ...errors, "b"]), 2);
  assertEquals(accepted, ["a", "b"]);
  assertEquals(pauses, []);
  assertEquals(lost, errors);
});

Deno.test("connections that are lost in between do not end a shortage", async () => {
  const { pauses } = await run(new Script([shortage(), reset(), shortage(), "a"]), 1);
  assertEquals(pauses, [5, 10]);
});

Deno.test("a listener that fails for ever leaves everybody else their turn, and can be closed", async () => {
  const script = new Script(Array.from({ length: 100_000 }, reset));
  let lost = 0;
  const acceptor = new Acceptor(script, { onLost: () => lost++ }, () => {});
  await new Promise((resolve) => setTimeout(resolve, 0));
  acceptor.close();
  const lostSoFar = lost;
  assert(lostSoFar > 0 && lostSoFar < 100_000, `${lostSoFar} failures before the first turn`);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(lost, lostSoFar);
});

Deno.test("closing ends the pause in a shortage, and is no error itself", async () => {
  const script = new Script([shortage()]);
  const errors: unknown[] = [];
  const failed = Promise.withResolvers<void>();
  const onAcceptError = (error: unknown) => {
    errors.push(error);
    failed.resolve();
  };
  const acceptor = new Acceptor(script, { onAcceptError }, () => {});
  await failed.promise;
  acceptor.close();
  assertEquals([errors.length, script.closes], [1, 1]);
});

Deno.test("closing while it waits for a connection is no error", async () => {
  const script = new Script([]);
  const errors: unknown[] = [];
  new Acceptor(script, { onAcceptError: (error) => errors.push(error) }, () => {}).close();
  await script.accept().catch(() => {});
  assertEquals(errors, []);
});

/** Connects, and resets the connection at once. */
function connectAndReset(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.resetAndDestroy());
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };
const certificate = await (await makeAuthority("an authority")).sign();
const LISTENERS = [
  ["TCP", () => Deno.listen(ANY_PORT)],
  ["TLS", () => Deno.listenTls({ ...ANY_PORT, ...certificate })],
] as const;

for (const [name, listen] of LISTENERS) {
  Deno.test(`connections that are reset before they are accepted keep nobody waiting (${name})`, async () => {
    const listener = listen();
    const { port } = listener.addr;
    for (let count = 0; count < 40; count++) await connectAndReset(port);
    const newcomer = await Deno.connect({ hostname: "127.0.0.1", port });
    const newcomersPort = (newcomer.localAddr as Deno.NetAddr).port;
    const pauses: number[] = [];
    const arrived = Promise.withResolvers<void>();
    const onAcceptError = (_error: unknown, retryIn: number) => pauses.push(retryIn);
    const acceptor = new Acceptor<Deno.Conn>(listener, { onAcceptError }, (connection) => {
      // Systems differ: some accept a connection that is reset already.
      if ((connection.remoteAddr as Deno.NetAddr).port === newcomersPort) arrived.resolve();
      connection.close();
    });
    await arrived.promise;
    acceptor.close();
    newcomer.close();
    assertEquals(pauses, []);
  });
}
