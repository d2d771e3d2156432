import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { visibleText } from "../../core/visible.ts";
import { MAX_DATAGRAM } from "../../core/datagrams.ts";
import {
  type Answer,
  decodeAnswer,
  decodeRequest,
  encodeAcknowledgement,
  encodeAnswer,
  encodeRequest,
  type Request,
} from "./messages.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replaceAll("\n", "|");
const bytes = (text: string) => new TextEncoder().encode(text.replaceAll("|", "\n"));

const REQUESTS: readonly (readonly [Request, string])[] = [
  [
    { verb: "register", user: "aysha", ip: "127.0.0.1", port: 2000 },
    "header:|register|username:|aysha|ip:|127.0.0.1|port:|2000",
  ],
  [{ verb: "dereg", port: 2000 }, "header:|dereg|port:|2000"],
  [
    { verb: "create_group", port: 2000, group: "skii", user: "aysha" },
    "header:|create_group|port:|2000|group_name:|skii|current_user:|aysha",
  ],
  [{ verb: "list_groups", port: 2000, user: "aysha" }, "header:|list_groups|port:|2000|current_user:|aysha"],
  [
    { verb: "join_group", port: 2000, group: "skii", user: "aysha" },
    "header:|join_group|port:|2000|group_name:|skii|current_user:|aysha",
  ],
  [
    {
      verb: "send_group",
      user: "aysha",
      port: 2000,
      message: "hi all",
      serverIp: "127.0.0.1",
      serverPort: 4000,
      group: "skii",
    },
    "header:|send_group|sender:|aysha|port:|2000|message:|hi all|server_ip|127.0.0.1|server_port|4000|group_name|skii",
  ],
  [
    { verb: "list_members", port: 2000, user: "aysha", group: "skii" },
    "header:|list_members|port:|2000|current_user:|aysha|group_name:|skii",
  ],
  [
    { verb: "leave_group", port: 2000, user: "aysha", group: "skii" },
    "header:|leave_group|port:|2000|current_user:|aysha|group_name:|skii",
  ],
  [
    { verb: "send", user: "aysha", to: "sana", ip: "127.0.0.1", port: 2000, message: "hi" },
    "header:|send|current_user:|aysha|name|sana|ip|127.0.0.1|port:|2000|message:|hi",
  ],
];

const ANSWERS: readonly (readonly [Answer, string])[] = [
  [{ verb: "ack", message: "M" }, "Header:|ack|Message:|M"],
  [{ verb: "nack", message: "M" }, "Header:|nack|Message:|M"],
  [{ verb: "update", payload: "{}" }, "Header:|update|Payload:|{}"],
  [{ verb: "dereg", message: "M" }, "Header:|dereg|Message:|M"],
  [{ verb: "list_groups", message: "M" }, "Header:|list_groups|Message:|M"],
  [{ verb: "list_members", message: "M" }, "Header:|list_members|Message:|M"],
  [{ verb: "leave", message: "M" }, "Header:|leave|Message:|M"],
  [
    { verb: "send_group", message: "M", serverIp: "192.0.2.9", serverPort: 4000 },
    "Header:|send_group|Message:|M|Server_ip:|192.0.2.9|Server_port:|4000",
  ],
];

Deno.test("requests are written and read as the document's own client has them", () => {
  for (const [request, spelled] of REQUESTS) {
    assertEquals(text(encodeRequest(request)), spelled);
    assertEquals(decodeRequest(bytes(spelled)), request);
  }
});

Deno.test("a marked request has other bytes and means the same", () => {
  for (const [request, spelled] of REQUESTS) {
    assertEquals(text(encodeRequest(request, true)), spelled.replace("header:", "Header:"));
    assertEquals(decodeRequest(encodeRequest(request, true)), request);
  }
});

Deno.test("answers are written and read as the document's own server has them", () => {
  for (const [answer, spelled] of ANSWERS) {
    assertEquals(text(encodeAnswer(answer)), spelled);
    assertEquals(decodeAnswer(bytes(spelled)), answer);
  }
});

Deno.test("an acknowledgement is read with its port or without", () => {
  assertEquals(text(encodeAcknowledgement("hi", 2000)), "Header:|ack|Message:|hi|Port:|2000");
  assertEquals(decodeRequest(encodeAcknowledgement("hi", 2000)), { verb: "ack", message: "hi", port: 2000 });
  assertEquals(decodeRequest(bytes("Header:|ack|Message:|hi")), { verb: "ack", message: "hi", port: undefined });
  assertEquals(decodeRequest(bytes("Header:|ack")), "too-short");
});

Deno.test("values are found by position, whatever the fields are called, and however lines end", () => {
  const expected = { verb: "dereg", port: 2000 } as const;
  for (const spelled of ["|dereg||2000", "HEADER|dereg|PORT|2000|", "port:|dereg|header:|2000|x|y|z"]) {
    assertEquals(decodeRequest(bytes(spelled)), expected);
    assertEquals(decodeRequest(new TextEncoder().encode(spelled.replaceAll("|", "\r\n"))), expected);
  }
});

Deno.test("a direct message may have several lines, and may be empty", () => {
  const spelled = "header:|send|current_user:|aysha|name|sana|ip|x|port:|2000|message:|";
  const read = (message: string) => {
    const decoded = decodeAnswer(bytes(spelled + message));
    return typeof decoded === "object" && decoded.verb === "send" ? decoded.message : decoded;
  };
  assertEquals(["one|two", "one||two|", "", "|one"].map(read), ["one\ntwo", "one\n\ntwo", "", "\none"]);
});

Deno.test("what cannot be read is told apart", () => {
  assertEquals(decodeRequest(new Uint8Array([0xff])), "not-text");
  assertEquals(decodeRequest(bytes("")), "too-short");
  assertEquals(decodeRequest(bytes("header:|register|username:|aysha|ip:|x|port:")), "too-short");
  for (const verb of ["Register", "update", "constructor", "__proto__", ""]) {
    assertEquals(decodeRequest(bytes(`header:|${verb}|port:|2000`)), "unknown-header");
  }
  for (const port of ["0", "70000", "65536", "-1", "2e3", "", " 80", "8.0", "٣"]) {
    assertEquals(decodeRequest(bytes(`header:|dereg|port:|${port}`)), "bad-port", port);
  }
  assertEquals(
    decodeAnswer(bytes("header:|join_group|port:|2000|group_name:|skii|current_user:|sana")),
    "unknown-header",
  );
});

Deno.test("a value cannot end its line for any reader, nor reach a terminal raw", () => {
  const breaks = "\n \r \r\n \v \f \x1c \x1d \x1e \x85 \u2028 \u2029 \x1b[2J \0";
  const written = text(encodeRequest({ verb: "send", user: "a", to: "b", ip: "c", port: 1, message: breaks }));
  assertEquals(written.split("|").length, 12);
  assert(!/[\p{Cc}\u2028\u2029]/u.test(written), written);
  assert(text(encodeAnswer({ verb: "ack", message: "" })).endsWith("|Message:| "), "no reader stumbles over nothing");
});

const line = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => text !== "" && visibleText(text) === text);
const port = fc.integer({ min: 1, max: 65_535 });

Deno.test("what is written is read back", () => {
  const request = fc.oneof(
    fc.record({ verb: fc.constant("register" as const), user: line, ip: line, port }),
    fc.record({ verb: fc.constant("join_group" as const), port, group: line, user: line }),
    fc.record({
      verb: fc.constant("send_group" as const),
      user: line,
      port,
      message: line,
      serverIp: line,
      serverPort: port,
      group: line,
    }),
    fc.record({ verb: fc.constant("send" as const), user: line, to: line, ip: line, port, message: line }),
  );
  fc.assert(fc.property(request, fc.boolean(), (one, isMarked) => {
    assertEquals(decodeRequest(encodeRequest(one, isMarked)), one);
  }));
});

Deno.test("no bytes make a decoder throw", () => {
  const pieces = fc.constantFrom("header:", "ack", "send", "update", "register", "2000", "", "x", "{}");
  const lines = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 });
  const datagram = fc.oneof(fc.uint8Array({ maxLength: 300 }), lines.map((all) => bytes(all.join("|"))));
  fc.assert(
    fc.property(datagram, (some) => {
      decodeRequest(some);
      decodeAnswer(some);
    }),
    { numRuns: 500 },
  );
});

Deno.test("the longest datagram there is is read in no time, whatever it holds", () => {
  for (const filling of ["\n", "a", "\r\n", "\x1b"]) {
    const long = bytes(`header:|send|current_user:|a|name|b|ip|c|port:|2000|message:|`.padEnd(MAX_DATAGRAM, filling));
    assert(typeof decodeRequest(long) === "object");
    assert(typeof decodeAnswer(long.slice(0, MAX_DATAGRAM)) === "object");
  }
});
