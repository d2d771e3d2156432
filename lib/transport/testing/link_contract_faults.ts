/**
 * The part of the contract of links that is about handlers that throw.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type Contract, encode, flushed, record } from "./link_pair.ts";

/** Registers its tests. */
export function linksSurviveFaults({ makePair, name }: Contract): void {
  for (const where of ["receive", "ended", "closed", "flushed"] as const) {
    Deno.test(`${name}: an error thrown in ${where} is reported and aborts that link alone`, async () => {
      const faults: unknown[] = [];
      const options = { onFault: (error: unknown) => faults.push(error) };
      const pairs = [await makePair(options), await makePair(options)] as const;
      const [{ near, far }, { near: otherNear, far: otherFar }] = pairs;
      const error = new Error("a mistake of the test's");
      const fail = () => {
        throw error;
      };
      const told: boolean[] = [];
      const atNear = record(near, where === "flushed" ? {} : { [where]: fail });
      const [atFar, atOtherFar] = [record(far), record(otherFar)];
      record(otherNear);
      if (where === "flushed") near.flushed(fail);
      near.flushed((ok) => told.push(ok));
      if (where === "receive") far.write(encode("x"));
      if (where === "ended") far.end("done");
      if (where === "closed") near.abort("fault");
      assertEquals(await atNear.untilClosed(), "fault");
      await atFar.untilClosed();
      otherNear.write(encode("unharmed"));
      await atOtherFar.untilReceived(8);
      assertEquals(faults, [error]);
      assertEquals(told.length, 1);
      for (const pair of pairs) {
        pair.near.abort("done");
        pair.far.abort("done");
        pair.dispose();
      }
    });
  }

  Deno.test(`${name}: every callback is called though each of them throws`, async () => {
    const faults: unknown[] = [];
    const pair = await makePair({ onFault: (error) => faults.push(error) });
    const calls: string[] = [];
    const fail = (what: string) => () => {
      calls.push(what);
      throw new Error(what);
    };
    const atFar = record(pair.far);
    pair.near.flushed(fail("first"));
    pair.near.flushed(fail("second"));
    const atNear = record(pair.near, { closed: fail("closed") });
    await atNear.untilClosed();
    await flushed(pair.near);
    await atFar.untilClosed();
    pair.dispose();
    assertEquals(calls, ["first", "second", "closed"]);
    assertEquals(faults.map((error) => (error as Error).message), calls);
  });
}
