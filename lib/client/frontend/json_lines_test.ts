import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { isJsonLine, readJsonLine } from "./json_lines.ts";

/** Why a line is not followed. */
function why(line: string): string | undefined {
  const instruction = readJsonLine(line);
  return instruction.kind === "rejected" ? instruction.why : undefined;
}

Deno.test("any text and any bytes come out as they were written", () => {
  fc.assert(
    fc.property(anyText(), fc.uint8Array(), (text, bytes) => {
      const to = "bob";
      assertEquals(readJsonLine(JSON.stringify({ to, text })), {
        kind: "message",
        to,
        body: new TextEncoder().encode(text),
      });
      const base64 = btoa(String.fromCharCode(...bytes));
      assertEquals(readJsonLine(JSON.stringify({ to: null, base64 })), { kind: "message", to: undefined, body: bytes });
    }),
  );
});

Deno.test("a number is a frame ID, and a group and a command have fields of their own", () => {
  const body = new TextEncoder().encode("hi");
  assertEquals(readJsonLine('{"to":3,"text":"hi"}'), { kind: "message", to: "3", body });
  assertEquals(readJsonLine('{"group":"tea","text":"hi"}'), { kind: "group", group: "tea", body });
  assertEquals(readJsonLine(' {"command":"#quit"} '), { kind: "command", line: "#quit" });
});

Deno.test("what cannot be followed says exactly why", () => {
  const cases: [string, string][] = [
    ["{}", '"to", "group" or "command" is missing'],
    ['{"to":"bob","group":"tea","text":"x"}', '"to" and "group" exclude each other'],
    ['{"to":"bob"}', '"text" or "base64" is missing'],
    ['{"to":"bob","text":"x","base64":""}', '"text" and "base64" exclude each other'],
    ['{"to":"bob","text":5}', '"text" is no text'],
    ['{"to":"bob","text":null}', '"text" is no text'],
    ['{"to":"bob","base64":"YQ"}', '"base64" is no base64'],
    ['{"to":"bob","base64":"Y Q="}', '"base64" is no base64'],
    ['{"to":"bob","text":"\\ud800"}', '"text" has half of a surrogate pair'],
    ['{"to":"","text":"x"}', '"to" is empty'],
    ['{"to":["bob"],"text":"x"}', '"to" is no name'],
    ['{"to":1.5,"text":"x"}', '"to" is no name'],
    ['{"to":"a\\nb","text":"x"}', '"to" is no name: it has control characters'],
    ['{"group":null,"text":"x"}', '"group" is no name'],
    ['{"to":"bob","txt":"x"}', 'there is no field "txt"'],
    ['{"command":"x","text":"y"}', '"command" has no "text" or "base64"'],
    ['{"command":"x\\ny"}', '"command" has more than one line'],
    ['{"command":5}', '"command" is no text'],
  ];
  for (const [line, expected] of cases) assertEquals(why(line), expected, line);
  for (const line of ["{", '{"to":"bob","text":"x"', '{"to":"bob","text":"x"} x']) {
    assertEquals(why(line)?.startsWith("it is no JSON: "), true, line);
  }
});

Deno.test("whatever a line holds, reading it does not fail", () => {
  fc.assert(fc.property(fc.json(), (json) => void readJsonLine(`{"to":${json},"text":${json}}`)));
  fc.assert(fc.property(fc.string(), (text) => void readJsonLine(`{${text}`)));
});

Deno.test("only what begins with a brace is meant as an object", () => {
  assertEquals(['{"to":1}', "  {", "@bob {}", "", "[1]"].map(isJsonLine), [true, true, false, false, false]);
});
