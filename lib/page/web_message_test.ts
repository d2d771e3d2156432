import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readClientMessage } from "../dialects/web/client_messages.ts";
import {
  encodeNumbered,
  encodeServerMessage,
  MESSAGE_FORM,
  type ServerMessage,
} from "../dialects/web/server_messages.ts";
import type { Member } from "../hub/member.ts";
import { type PageMessage, readIncoming } from "./web_message.ts";

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

Deno.test("the page reads all that our server writes, and our server all that the page writes", () => {
  const bob = { name: "bob", dialect: "relay" };
  const written: ServerMessage[] = [
    { type: "hello", protocol: "chat.web.1", software: "chat", maxMessage: 65_536 },
    { type: "joined", name: "alice", present: [bob] },
    { type: "refused", code: "taken", reason: "why" },
    { type: "present", ...bob },
    { type: "absent", name: "bob" },
    { type: "outcome", id: 1, kind: "refused", reason: "empty", delivered: 1, recipients: 2 },
    { type: "error", code: "bad-message", id: 1, reason: "why" },
    { type: "bye", code: "shutdown", reason: "why" },
  ];
  for (const message of written) {
    assertEquals(readIncoming(new TextDecoder().decode(encodeServerMessage(message)))?.type, message.type);
  }
  for (const audience of ["direct", "everyone"] as const) {
    const said = MESSAGE_FORM({ from: { name: "bob" } as Member, audience, body: new TextEncoder().encode("hi") });
    assertEquals(readIncoming(new TextDecoder().decode(encodeNumbered(7, said as Uint8Array))), {
      type: "message",
      number: 7,
      from: "bob",
      isForAll: audience === "everyone",
      text: "hi",
      isBytes: false,
    });
  }
  const said: PageMessage[] = [
    { type: "join", name: "alice" },
    { type: "send", id: 1, text: "hi" },
    { type: "send", id: 2, to: "bob", text: "hi" },
    { type: "received", number: 7 },
    { type: "leave" },
  ];
  for (const message of said) {
    assertEquals(readClientMessage(new TextEncoder().encode(JSON.stringify(message))).type, message.type);
  }
});
