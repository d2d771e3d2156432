import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parsePieces } from "../transcript/pieces.ts";
import type { Piece } from "../transcript/syntax.ts";
import { Matcher, type MatchState } from "./matcher.ts";
import { compile } from "./compile.ts";

const place = { file: "a.chat", line: 1 };
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

const context = {
  value: (name: string) => ({ bob: encode("bob7x"), four: encode("4"), word: encode("four") })[name],
  caseless: encode("ERROR "),
};

function matcherFor(pattern: string | Piece[]): Matcher {
  return new Matcher(
    compile(typeof pattern === "string" ? parsePieces(pattern, "pattern", place) : pattern, context),
  );
}

/** State, length, values and choices, after so many bytes at a time. */
function outcome(matcher: Matcher, input: Uint8Array, cuts: readonly number[] = []) {
  for (const cut of cuts) matcher.advance(input.slice(0, cut));
  const state = matcher.advance(input);
  const match = matcher.match();
  return {
    state,
    length: match?.length,
    values: Object.fromEntries([...match?.values ?? []].map(([name, value]) => [name, decode(value)])),
    choices: Object.fromEntries(match?.choices ?? []),
    wanted: matcher.wanted(),
  };
}

interface Case {
  readonly pattern: string;
  readonly input: string;
  readonly state: MatchState;
  readonly length?: number;
  readonly values?: Record<string, string>;
  readonly choices?: Record<string, string>;
}

const CASES: readonly Case[] = [
  { pattern: "hi\\n", input: "hi\n", state: "matched", length: 3 },
  { pattern: "hi\\n", input: "hi\nmore", state: "matched", length: 3 },
  { pattern: "hi\\n", input: "h", state: "more" },
  { pattern: "hi\\n", input: "ho", state: "failed" },
  { pattern: "to {bob}!", input: "to bob7x!", state: "matched", length: 9 },
  { pattern: "{length bob}", input: "5", state: "matched", length: 1 },
  { pattern: "{ab * 3}c", input: "abababc", state: "matched", length: 7 },
  { pattern: "(SENT|SEND)@s {bob}", input: "SEND bob7x", state: "matched", length: 10, choices: { s: "SEND" } },
  { pattern: "(SENT|SEND)@s {bob}", input: "SEN", state: "more" },
  { pattern: "(a|ab)c", input: "abc", state: "matched", length: 3 },
  { pattern: "(a|)b", input: "b", state: "matched", length: 1 },
  { pattern: "((a|b)@x(c|d)@y|e)", input: "bd", state: "matched", length: 2, choices: { x: "b", y: "d" } },
  { pattern: "{id=digits}", input: "42", state: "open", length: 2, values: { id: "42" } },
  { pattern: "{id=digits}", input: "42 ", state: "matched", length: 2, values: { id: "42" } },
  { pattern: "{id=digits}@i;", input: "42;", state: "matched", length: 3, values: { id: "42" }, choices: { i: "42" } },
  { pattern: "{id=digits}", input: "x", state: "failed" },
  { pattern: "{id=2..255}]", input: "255]", state: "matched", length: 4, values: { id: "255" } },
  { pattern: "{id=2..255}]", input: "256]", state: "failed" },
  { pattern: "{id=2..255}]", input: "1]", state: "failed" },
  { pattern: "{id=2..255}]", input: "02]", state: "failed" },
  { pattern: "{id=2..255}", input: "25", state: "open", length: 2, values: { id: "25" } },
  { pattern: "{id=2..255}", input: "256", state: "failed" },
  { pattern: "{id=2..255}1", input: "2551", state: "failed" },
  { pattern: "({id=2..25}|{d=digits})1", input: "251", state: "open", length: 3, values: { d: "25" } },
  { pattern: "({id=1..25}|1)", input: "100", state: "matched", length: 1 },
  { pattern: "{id=0..9}", input: "0", state: "open", length: 1, values: { id: "0" } },
  { pattern: "{w=word} {v=word}\\n", input: "one two\n", state: "matched", length: 8, values: { w: "one", v: "two" } },
  { pattern: "{l=line}\\n", input: "a b\r\n", state: "matched", length: 5, values: { l: "a b\r" } },
  { pattern: "{l=line}\\n", input: "\n", state: "matched", length: 1, values: { l: "" } },
  { pattern: "{t=text}END", input: "a\nEND END", state: "matched", length: 5, values: { t: "a\n" } },
  { pattern: "{t=text}", input: "all", state: "open", length: 3, values: { t: "all" } },
  { pattern: "{b=4 bytes}!", input: "a\n\0b!", state: "matched", length: 5, values: { b: "a\n\0b" } },
  { pattern: "{b=0 bytes}!", input: "!", state: "matched", length: 1, values: { b: "" } },
  { pattern: "{b=four bytes}", input: "abcde", state: "matched", length: 4, values: { b: "abcd" } },
  { pattern: "{b=word bytes}", input: "abcd", state: "failed" },
  {
    pattern: "{n=digits}][{m=n bytes}",
    input: "5][a][b!rest",
    state: "matched",
    length: 8,
    values: { n: "5", m: "a][b!" },
  },
  {
    pattern: "(a{n=digits}|b{n=digits}) {_=n bytes}!",
    input: "a2 xy!",
    state: "matched",
    length: 6,
    values: { n: "2" },
  },
  { pattern: "ERROR 102 Unable to send\\n", input: "ERROR 102 UNABLE to Send\n", state: "matched", length: 25 },
  { pattern: "ERROR 102 Unable", input: "error 102 Unable", state: "failed" },
  { pattern: "ERROR {c=digits} Gone", input: "ERROR 7 gONE", state: "matched", length: 12, values: { c: "7" } },
  { pattern: "hi\\nERROR a\\nB", input: "hi\nERROR A\nB", state: "matched", length: 12 },
  { pattern: "hi\\nERROR a\\nB", input: "hi\nERROR A\nb", state: "failed" },
  { pattern: "an ERROR A", input: "an ERROR a", state: "failed" },
];

Deno.test("each construct matches what it is documented to match", () => {
  for (const { pattern, input, state, length, values = {}, choices = {} } of CASES) {
    const { wanted: _, ...found } = outcome(matcherFor(pattern), encode(input));
    assertEquals(found, { state, length, values, choices }, `${pattern} on ${JSON.stringify(input)}`);
  }
});

Deno.test("it makes no difference in which pieces the bytes arrive", () => {
  for (const { pattern, input } of CASES) {
    const bytes = encode(input);
    const whole = outcome(matcherFor(pattern), bytes);
    const all = Array.from(bytes, (_, i) => i);
    assertEquals(outcome(matcherFor(pattern), bytes, all), whole, `${pattern}, byte by byte`);
    for (const cut of all) assertEquals(outcome(matcherFor(pattern), bytes, [cut]), whole, `${pattern}, cut at ${cut}`);
  }
});

/** A pattern and the regular expression that means the same. */
interface Pair {
  readonly piece: Piece;
  readonly source: string;
}

const letters = fc.stringMatching(/^[ab\n]{1,3}$/);
const leaf: fc.Arbitrary<Pair> = fc.oneof(
  letters.map((text): Pair => ({
    piece: { kind: "bytes", bytes: encode(text) },
    source: text.replaceAll("\n", "\\n"),
  })),
  fc.constant<Pair>({ piece: { kind: "wild", type: { kind: "digits" } }, source: "([0-9]+)" }),
  fc.constant<Pair>({ piece: { kind: "wild", type: { kind: "line" } }, source: "([^\\n]*)" }),
  fc.constant<Pair>({ piece: { kind: "wild", type: { kind: "word" } }, source: "([^\\s]+)" }),
  fc.constant<Pair>({
    piece: { kind: "wild", type: { kind: "range", low: 1, high: 99 } },
    source: "([1-9][0-9]?(?![0-9]))",
  }),
  fc.nat(3).map((count): Pair => ({
    piece: { kind: "wild", type: { kind: "bytes", count } },
    source: `([^]{${count}})`,
  })),
);
const either: fc.Arbitrary<Pair> = fc.array(fc.array(leaf, { maxLength: 2 }), { minLength: 2, maxLength: 3 }).map(
  (alternatives) => ({
    piece: { kind: "either", alternatives: alternatives.map((pairs) => pairs.map(({ piece }) => piece)) },
    source: `(?:${alternatives.map((pairs) => pairs.map(({ source }) => source).join("")).join("|")})`,
  }),
);
const text = fc.constant<Pair>({ piece: { kind: "wild", type: { kind: "text" } }, source: "([^]*?)" });

Deno.test("patterns match what the regular expressions do that mean the same", () => {
  // A text in the end takes all there is, which a lazy expression does not.
  const pairs = fc.tuple(fc.array(fc.oneof(leaf, either, text), { maxLength: 4 }), leaf).map((
    [some, last],
  ) => [...some, last]);
  fc.assert(
    fc.property(pairs, fc.stringMatching(/^[ab01\n]{0,10}$/), (pairs, input) => {
      const matcher = matcherFor(pairs.map(({ piece }) => piece));
      const state = matcher.advance(encode(input));
      const expected = new RegExp(`^${pairs.map(({ source }) => source).join("")}`).exec(input)?.[0].length;
      // While it is open, or wants more, it may still take another way.
      if (state !== "more") assertEquals(matcher.match()?.length, expected);
      else assertEquals(expected === undefined || expected <= input.length, true);
      if (expected === undefined) assert(state === "failed" || state === "more");
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a pattern that has matched much before matches as a new one does", () => {
  const pairs = fc.array(fc.oneof(leaf, either, text), { minLength: 1, maxLength: 4 });
  const inputs = fc.array(fc.stringMatching(/^[ab01\n]{0,10}$/), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(pairs, inputs, fc.boolean(), (pairs, inputs, isWhole) => {
      const program = () => compile(pairs.map(({ piece }) => piece), context);
      const used = program();
      for (const input of inputs) {
        const expected = outcome(new Matcher(program(), isWhole), encode(input));
        assertEquals(outcome(new Matcher(used, isWhole), encode(input)), expected);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("what could have come is told for each way of going on", () => {
  const wanted = (pattern: string, input: string) => {
    const matcher = matcherFor(pattern);
    matcher.advance(encode(input));
    return { at: matcher.position, wanted: matcher.wanted() };
  };
  assertEquals(wanted("(SENT|SEND)@s {bob}\\n", "SEX"), { at: 2, wanted: ["NT bob7x\\n", "ND bob7x\\n"] });
  assertEquals(wanted("ID {id=digits}\\n{l=line}", "ID x"), { at: 3, wanted: ["{id=digits}\\n{l=line}"] });
  assertEquals(wanted("{b=3 bytes}!", "abcd"), { at: 3, wanted: ["!"] });
  assertEquals(wanted("hello", "he"), { at: 2, wanted: ["llo"] });
});

Deno.test("a long body is matched in time that grows with its length, even byte by byte", () => {
  const matcher = matcherFor("{a * 65536}{_=text}{b * 100}");
  const input = encode("a".repeat(65536 + 5000) + "b".repeat(100));
  for (let length = 0; length < input.length; length += 1) matcher.advance(input.subarray(0, length));
  assertEquals(matcher.advance(input), "matched");
});
