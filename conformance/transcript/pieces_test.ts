import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { forAnyPieces } from "./testing/arbitrary.ts";
import { parsePieces, printPieces } from "./pieces.ts";
import type { Piece } from "./syntax.ts";

const place = { file: "a.chat", line: 7 };
const encode = (text: string) => new TextEncoder().encode(text);

function literal(text: string): Piece {
  return { kind: "bytes", bytes: encode(text) };
}

Deno.test("pieces that are printed and read again are the same pieces", () => {
  for (const kind of ["data", "pattern"] as const) {
    forAnyPieces(kind, (pieces) => assertEquals(parsePieces(printPieces(pieces), kind, place), [...pieces]));
  }
});

Deno.test("blanks at the ends of what is printed are spelled out, because a line loses them", () => {
  assertEquals(printPieces([literal(" a b ")]), "\\sa b\\s");
});

Deno.test("each construct is read as it is documented", () => {
  const cases: readonly [string, Piece[]][] = [
    ["a\\nb", [literal("a\nb")]],
    ["Grüße", [literal("Grüße")]],
    ["{alice}", [{ kind: "value", name: "alice" }]],
    ["{length body}", [{ kind: "length", name: "body" }]],
    ["{ab\\n * 3}", [{ kind: "repeat", bytes: encode("ab\n"), count: 3 }]],
    ["{_=digits}", [{ kind: "wild", type: { kind: "digits" } }]],
    ["{id=2..255}", [{ kind: "wild", name: "id", type: { kind: "range", low: 2, high: 255 } }]],
    ["{b=16 bytes}", [{ kind: "wild", name: "b", type: { kind: "bytes", count: 16 } }]],
    ["{b=n bytes}", [{ kind: "wild", name: "b", type: { kind: "bytes", count: "n" } }]],
    ["{code=digits}@taken", [{ kind: "wild", name: "code", type: { kind: "digits" }, choice: "taken" }]],
    ["(SENT|SEND)@success", [{
      kind: "either",
      alternatives: [[literal("SENT")], [literal("SEND")]],
      choice: "success",
    }]],
    ["(a|)b", [{ kind: "either", alternatives: [[literal("a")], []] }, literal("b")]],
    ["#quit][@x\\)", [literal("#quit][@x)")]],
  ];
  for (const [text, pieces] of cases) assertEquals(parsePieces(text, "pattern", place), pieces, text);
});

Deno.test("what is not well formed is refused with file, line and what to do", () => {
  const cases: readonly [string, "data" | "pattern", RegExp][] = [
    ["\\q", "data", /\\q is no escape: there are \\n/],
    ["\\x4", "data", /\\x is no escape/],
    ["{alice", "data", /"\{" without its "\}"/],
    ["alice}", "data", /"\}" without its "\{"/],
    ["{al ice}", "data", /\{al ice\} is not understood/],
    ["{}", "data", /\{\} is not understood/],
    ["{id=digits}", "data", /\{id=digits\} is a wildcard/],
    ["(a|b)", "data", /what is sent is one thing/],
    ["a|b", "data", /what is sent is one thing/],
    ["a)", "pattern", /outside of parentheses/],
    ["(a|b", "pattern", /"\(" without its "\)"/],
    ["{id=number}", "pattern", /there is no type "number"/],
    ["{id=9..3}", "pattern", /the range 9..3 is empty/],
    ["(a|b)@", "pattern", /begins the name of a choice/],
    ["{ * 3}", "data", /is not understood|repeats nothing/],
    ["{a * 99999999}", "data", /more than 16777216 bytes/],
    ["{{a} * 3}", "data", /is not understood|only plain bytes/],
  ];
  for (const [text, kind, message] of cases) {
    const error = assertThrows(() => parsePieces(text, kind, place), ChatError, undefined, text) as ChatError;
    assertEquals(error.code, "fixture");
    assertEquals(error.message.startsWith("a.chat:7: "), true, error.message);
    assertEquals(message.test(error.message), true, `${text}: ${error.message}`);
  }
});
