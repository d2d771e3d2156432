import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { Admission, type AdmissionOptions } from "./admission.ts";

function admission(options: Partial<AdmissionOptions> = {}): Admission {
  return new Admission({
    maxConnections: 100,
    maxPerAddress: 100,
    connectRate: 100,
    limitLoopback: false,
    allow: [],
    deny: [],
    ...options,
  });
}

Deno.test("a server that is full lets nobody in until somebody leaves", () => {
  const door = admission({ maxConnections: 2 });
  assertEquals([door.enter("192.0.2.1", 0), door.enter("192.0.2.2", 0), door.enter("192.0.2.3", 0)], [
    undefined,
    undefined,
    "full",
  ]);
  door.leave("192.0.2.1");
  assertEquals([door.enter("192.0.2.3", 0), door.connections], [undefined, 2]);
});

Deno.test("an address has its share, and others have theirs", () => {
  const door = admission({ maxPerAddress: 1 });
  assertEquals([door.enter("192.0.2.1", 0), door.enter("192.0.2.1", 0), door.enter("192.0.2.2", 0)], [
    undefined,
    "too-many",
    undefined,
  ]);
  door.leave("192.0.2.1");
  assertEquals(door.enter("192.0.2.1", 0), undefined);
});

Deno.test("an IPv6 network of 64 bits is one address, and a mapped IPv4 address is itself", () => {
  const door = admission({ maxPerAddress: 1 });
  assertEquals(door.enter("2001:db8::1", 0), undefined);
  assertEquals(door.enter("2001:db8:0:0:ffff::2", 0), "too-many");
  assertEquals(door.enter("2001:db8:0:1::1", 0), undefined);
  assertEquals(door.enter("192.0.2.1", 0), undefined);
  assertEquals(door.enter("::ffff:192.0.2.1", 0), "too-many");
});

Deno.test("this machine's own addresses are exempt from the limits for an address, unless asked", () => {
  const exempt = admission({ maxPerAddress: 1, connectRate: 1 });
  assertEquals(["127.0.0.1", "127.0.0.1", "::1", "::1"].map((address) => exempt.enter(address, 0)), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const limited = admission({ maxPerAddress: 1, limitLoopback: true });
  assertEquals([limited.enter("127.0.0.1", 0), limited.enter("127.0.0.1", 0)], [undefined, "too-many"]);
});

Deno.test("an address that connects too fast is let in again as time passes", () => {
  const door = admission({ connectRate: 2 });
  const come = (now: number) => {
    const answer = door.enter("192.0.2.1", now);
    if (answer === undefined) door.leave("192.0.2.1");
    return answer;
  };
  assertEquals([come(0), come(0), come(0)], [undefined, undefined, "too-fast"]);
  assertEquals([come(499), come(500), come(501)], ["too-fast", undefined, "too-fast"]);
  assertEquals([come(60_000), come(60_000), come(60_000)], [undefined, undefined, "too-fast"]);
});

Deno.test("a denied network stays out, also where it is part of an allowed one; others than the allowed stay out", () => {
  const door = admission({ allow: ["192.0.2.0/24", "2001:db8::/32"], deny: ["192.0.2.128/25"] });
  assertEquals(door.enter("192.0.2.1", 0), undefined);
  assertEquals(door.enter("192.0.2.129", 0), "denied");
  assertEquals(door.enter("198.51.100.1", 0), "denied");
  assertEquals(door.enter("2001:db8::1", 0), undefined);
  assertEquals(door.enter("2001:db9::1", 0), "denied");
});

Deno.test("what is no network is an error that says so", () => {
  for (
    const network of ["", "example", "192.0.2.0/33", "192.0.2.0/x", "2001:db8::/129", "192.0.2.0/-1", "fe80::1%eth0"]
  ) {
    const error = assertThrows(() => admission({ deny: [network] }), ChatError);
    assertEquals(error.code, "bad-network", network);
  }
});

Deno.test("coming and going costs an address more of its connections the more are told, and others nothing", () => {
  const door = admission({ connectRate: 10 });
  door.announced("192.0.2.1", 1_000, 0);
  assertEquals(Array.from({ length: 6 }, () => door.enter("192.0.2.1", 0)), [...Array(5).fill(undefined), "too-fast"]);
  assertEquals(door.enter("192.0.2.2", 0), undefined);
  door.announced("192.0.2.1", 1_000_000, 0);
  assertEquals([door.enter("192.0.2.1", 900), door.enter("192.0.2.1", 1_100)], ["too-fast", undefined]);
});

Deno.test("an address that has left is not forgotten before it has made up for its coming and going", () => {
  const door = admission({ connectRate: 10 });
  door.announced("192.0.2.1", 1_000_000, 0);
  assertEquals([door.enter("192.0.2.2", 1_500), door.enter("192.0.2.2", 2_900)], [undefined, undefined]);
  assertEquals(Array.from({ length: 11 }, () => door.enter("192.0.2.1", 2_900)).at(-1), "too-fast");
});

Deno.test("this machine's own comings and goings cost nothing, unless asked", () => {
  for (const limitLoopback of [false, true]) {
    const door = admission({ connectRate: 10, limitLoopback });
    door.announced("127.0.0.1", 1_000_000, 0);
    assertEquals(door.enter("127.0.0.1", 0), limitLoopback ? "too-fast" : undefined);
  }
});
