import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Measured, noiseOf } from "./measured.ts";

function run(others: number, stolen: number): Measured {
  return { seconds: 2, messages: 1, p50: 1, p99: 1, server: 1, generator: 1, others, stolen };
}

Deno.test("figures are worth nothing where others had more than a twentieth of the machine", () => {
  assertEquals(noiseOf([run(0.2, 0)], 2).isBusy, false);
  assertEquals(noiseOf([run(0.21, 0)], 2).isBusy, true);
});

Deno.test("what the host takes away counts as much as what other processes do", () => {
  assertEquals(noiseOf([run(0.15, 0.15)], 2).isBusy, true);
});

Deno.test("one busy run among quiet ones is shown, and spoils nothing", () => {
  const noise = noiseOf([run(0, 0), run(0, 0), run(2, 0)], 2);
  assertEquals(noise.isBusy, false);
  assertStringIncludes(noise.text, "50.0% at most");
});
