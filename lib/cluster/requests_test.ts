import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT, UNKNOWN } from "../core/outcome.ts";
import { decodeOutcome, decodePassing, encodeOutcome, encodePassing } from "./requests.ts";

const remote = { hostname: "192.0.2.1", port: 2 };
const from = {
  name: "alice",
  title: "Älice",
  dialect: "room",
  remote,
  since: 3,
  id: undefined as number | undefined,
  isProvisional: true,
};

Deno.test("a request is read as it was written, whoever it is for, whatever the body", () => {
  for (const to of ["everyone", { claim: "0123456789abcdef.12" }, { group: "skí #=" }] as const) {
    for (const body of [new Uint8Array(), new Uint8Array([0, 255, 10]), new Uint8Array(70_000)]) {
      assertEquals(decodePassing(encodePassing(to, from, body)), { to, from, body });
    }
  }
});

Deno.test("a sender who has got an ID since is written with it", () => {
  const sender = { ...from };
  encodePassing("everyone", sender, new Uint8Array());
  sender.id = 9;
  assertEquals(decodePassing(encodePassing("everyone", sender, new Uint8Array()))?.from.id, 9);
});

Deno.test("a request that is cut anywhere before its body is none, and neither is what was never one", () => {
  const bytes = encodePassing({ claim: "to" }, from, new Uint8Array());
  for (let end = 0; end < bytes.length; end++) assertEquals(decodePassing(bytes.subarray(0, end)), undefined, `${end}`);
  for (const length of [8, 100]) assertEquals(decodePassing(new Uint8Array(length)), undefined);
  assertEquals(decodePassing(new Uint8Array(100).fill(255)), undefined);
  const noList = encodePassing("everyone", from, new Uint8Array()).fill(0x31, 8);
  assertEquals(decodePassing(noList), undefined);
});

Deno.test("every outcome is read as it was written; one of another version is a refusal", () => {
  const outcomes: Outcome[] = [DELIVERED, UNKNOWN, GONE, TIMED_OUT, refused("too-long"), refused("overloaded")];
  for (const outcome of outcomes) assertEquals(decodeOutcome(encodeOutcome(outcome)), outcome);
  assertEquals(decodeOutcome(new TextEncoder().encode("teleported")), refused("undeliverable"));
});
