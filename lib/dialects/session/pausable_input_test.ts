import { assertEquals } from "@std/assert";
import { PausableInput } from "./pausable_input.ts";

/** An intake whose decoder takes a byte at a time, and is held behind those that the test names. */
function startIntake(held: readonly number[]) {
  const seen: number[] = [];
  const intake: PausableInput = new PausableInput((bytes) => {
    let taken = 0;
    do {
      const byte = bytes[taken++]!;
      seen.push(byte);
      if (held.includes(byte)) intake.hold();
    } while (taken < bytes.length && !intake.isHeld);
    return taken;
  });
  return { intake, seen };
}

Deno.test("a piece passes through, and nothing is kept", () => {
  const { intake, seen } = startIntake([]);
  intake.push(new Uint8Array([1, 2, 3]));
  assertEquals([seen, intake.isEmpty], [[1, 2, 3], true]);
});

Deno.test("what arrives while it is held is kept, copied, and taken in order when it is released", () => {
  const { intake, seen } = startIntake([2, 4]);
  const reused = new Uint8Array([1, 2, 3]);
  intake.push(reused);
  reused.fill(9);
  intake.push(new Uint8Array([4, 5]));
  assertEquals([seen, intake.isEmpty], [[1, 2], false]);
  intake.release();
  assertEquals([seen, intake.isEmpty], [[1, 2, 3, 4], false]);
  intake.release();
  assertEquals([seen, intake.isEmpty], [[1, 2, 3, 4, 5], true]);
});

Deno.test("a release amid a message goes on behind that message, once", () => {
  const seen: number[] = [];
  const intake: PausableInput = new PausableInput((bytes) => {
    intake.hold();
    intake.release();
    seen.push(bytes[0]!);
    return 1;
  });
  intake.push(new Uint8Array([1, 2, 3]));
  assertEquals(seen, [1, 2, 3]);
});

Deno.test("after stop nothing is taken, neither what was kept nor what comes", () => {
  const { intake, seen } = startIntake([1]);
  intake.push(new Uint8Array([1, 2]));
  intake.stop();
  intake.release();
  intake.push(new Uint8Array([3]));
  assertEquals([seen, intake.isEmpty, intake.isHeld], [[1], true, true]);
});
