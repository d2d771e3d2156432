import { assertEquals, assertStrictEquals } from "@std/assert";
import { type Accepting, Acceptor } from "./acceptor.ts";

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

/** Runs a script until this many connections were accepted. */
async function run(
  script: Script,
  count: number,
): Promise<{ accepted: string[]; errors: unknown[]; pauses: number[] }> {
  const seen = { accepted: [] as string[], errors: [] as unknown[], pauses: [] as number[] };
  const all = Promise.withResolvers<void>();
  const onAcceptError = (error: unknown, retryIn: number) => {
    seen.errors.push(error);
    seen.pauses.push(retryIn);
  };
  const acceptor = new Acceptor(script, { onAcceptError }, (connection) => {
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

Deno.test("after an error accepting goes on, and somebody is told", async () => {
  const error = new Error("too many open files");
  const seen = await run(new Script(["a", error, "b"]), 2);
  assertEquals(seen.accepted, ["a", "b"]);
  assertStrictEquals(seen.errors[0], error);
});

Deno.test("errors in a row are met with longer and longer pauses, until one connection is accepted", async () => {
  const error = new Error("too many open files");
  const { pauses } = await run(new Script([error, error, error, "a", error, "b"]), 2);
  assertEquals(pauses, [5, 10, 20, 5]);
});

Deno.test("closing ends the pause after an error, and is no error itself", async () => {
  const script = new Script([new Error("too many open files")]);
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
