import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readIncoming } from "./web_message.ts";

const read = (value: unknown) => readIncoming(JSON.stringify(value));

Deno.test("the messages of docs/protocols/web.md are read, and keys that are not known are passed over", () => {
  assertEquals(read({ type: "hello", protocol: "chat.web.1", software: "x", maxMessage: 65536 }), {
    type: "hello",
    maxMessage: 65536,
  });
  const bob = { name: "bob", dialect: "relay" };
  assertEquals(read({ type: "joined", name: "alice", present: [bob, 1, null, {}], odd: 1 }), {
    type: "joined",
    name: "alice",
    present: [bob],
  });
  assertEquals(read({ type: "present", ...bob }), { type: "present", ...bob });
  assertEquals(read({ type: "message", number: 7, from: "bob", to: "all", text: "hi" }), {
    type: "message",
    number: 7,
    from: "bob",
    isForAll: true,
    text: "hi",
    isBytes: false,
  });
  assertEquals(read({ type: "message", number: 8, from: "bob", to: "you", base64: "aP8=" }), {
    type: "message",
    number: 8,
    from: "bob",
    isForAll: false,
    text: "h\ufffd",
    isBytes: true,
  });
  assertEquals(read({ type: "outcome", id: 1, kind: "gone", delivered: 2, recipients: 3 }), {
    type: "outcome",
    id: 1,
    outcome: { kind: "gone" },
    delivered: 2,
    recipients: 3,
  });
  assertEquals(read({ type: "outcome", id: 1, kind: "refused", reason: "too-long" }), {
    type: "outcome",
    id: 1,
    outcome: { kind: "refused", reason: "too-long" },
  });
  assertEquals(read({ type: "error", code: "bad-message", reason: "why" }), { type: "error", reason: "why" });
});

Deno.test("what is no message, or of a type that is not known, is nothing", () => {
  for (const odd of ["", "[]", "null", "1", "{", '{"type":"odd"}', '{"type":"constructor"}', '{"type":"absent"}']) {
    assertEquals(readIncoming(odd), undefined, odd);
  }
  assertEquals(read({ type: "message", number: 1, from: "bob", to: "you", base64: "?" }), undefined);
  assertEquals(read({ type: "outcome", id: 1, kind: "odd" }), undefined);
});

Deno.test("whatever comes in whichever key, reading it throws nothing", () => {
  const type = fc.constantFrom("hello", "joined", "refused", "present", "absent", "message", "outcome", "error", "bye");
  const keys = fc.constantFrom("name", "present", "number", "from", "to", "text", "base64", "id", "kind", "reason");
  fc.assert(fc.property(type, fc.dictionary(keys, fc.jsonValue()), (type, fields) => {
    readIncoming(JSON.stringify({ ...fields, type }));
  }));
});
