import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compile } from "../pattern/compile.ts";
import { Matcher } from "../pattern/matcher.ts";
import { forAnyPieces } from "../transcript/testing/arbitrary.ts";
import { randomBelow } from "../run/segmentation/random.ts";
import { checkSteps } from "../transcript/check.ts";
import { parsePieces } from "../transcript/pieces.ts";
import type { Piece, WildType } from "../transcript/syntax.ts";
import { needs } from "../testing/needed_programs.ts";
import { python } from "./testing/python.ts";
import { bytesLiteral, dictionary, stringLiteral } from "./python.ts";
import { writePattern, writeRanges } from "./pattern.ts";
import { rangeExpression } from "./range.ts";

const HELPERS = await Deno.readTextFile(new URL("helpers/common.py", import.meta.url));
const encoder = new TextEncoder();

/** What both are asked: does this pattern match these bytes? */
interface Question {
  readonly pieces: readonly Piece[];
  readonly values: ReadonlyMap<string, Uint8Array>;
  readonly caseless: Uint8Array | undefined;
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** How many bytes match and what is kept, or that nothing matches; and whether it could grow. */
function answer({ pieces, values, caseless, bytes, isWhole }: Question): { found: unknown; isOpen: boolean } {
  const context = { value: (name: string) => values.get(name), ...caseless !== undefined && { caseless } };
  const matcher = new Matcher(compile(pieces, context), isWhole);
  const state = matcher.advance(bytes);
  const match = state === "open" || state === "matched" ? matcher.match()! : undefined;
  if (match === undefined) return { found: null, isOpen: false };
  const kept = [...match.values].map(([name, value]) => [name, spellBytes(value)]);
  return { found: [match.length, kept.toSorted(([a], [b]) => a! < b! ? -1 : 1)], isOpen: state === "open" };
}

function spellBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A program of Python that answers questions as JSON, a line each. */
function program(questions: readonly Question[]): string {
  const asked = questions.map(({ pieces, values, caseless, bytes, isWhole }) => {
    const { expression, names } = writePattern(pieces, caseless);
    const args = [bytesLiteral(bytes), expression, ...names.map(stringLiteral)];
    return `v.clear(); v.update(${dictionary(values, bytesLiteral)})
DATAGRAMS = ${isWhole ? "True" : "False"}; ask(${args.join(", ")})`;
  }).join("\n");
  return `__name__ = "test"
${writeRanges(asked).join("\n")}
${HELPERS}
import json

def ask(data, pattern, *names):
    c = Connection("c", None)
    c.inbox = [data]
    found = match(c, pattern, *names)
    print(json.dumps(found and [found[0], sorted((name, value.decode("latin-1")) for name, value in found[1].items())]))

${asked}
`;
}

/** Bytes that a piece could take. */
function instanceOf(piece: Piece, values: ReadonlyMap<string, Uint8Array>, random: () => number): Uint8Array {
  switch (piece.kind) {
    case "bytes":
      return random() < 0.2 ? piece.bytes.map((byte) => byte >= 97 && byte <= 122 ? byte - 32 : byte) : piece.bytes;
    case "value":
      return values.get(piece.name)!;
    case "length":
      return encoder.encode(String(values.get(piece.name)!.length));
    case "repeat":
      return Uint8Array.from(
        { length: piece.bytes.length * piece.count },
        (_, i) => piece.bytes[i % piece.bytes.length]!,
      );
    case "either": {
      const chosen = piece.alternatives[Math.floor(random() * piece.alternatives.length)]!;
      return joined(chosen.map((one) => instanceOf(one, values, random)));
    }
    case "wild":
      return wildInstance(piece.type, values, random);
  }
}

function wildInstance(type: WildType, values: ReadonlyMap<string, Uint8Array>, random: () => number): Uint8Array {
  if (type.kind === "bytes") {
    const count = typeof type.count === "number"
      ? type.count
      : Number(new TextDecoder().decode(values.get(type.count)));
    return new Uint8Array(Math.min(Number.isNaN(count) ? 3 : count, 70_000)).fill(120);
  }
  if (type.kind === "range") return encoder.encode(String(Math.floor(random() * (type.high + 2))));
  const letters =
    { digits: "0123456789", letters: "aZ1", word: "ab-9", line: "ab 9", text: "a\nb{", row: 'a:"\n ' }[type.kind];
  return encoder.encode(
    Array.from({ length: Math.floor(random() * 4) }, () => letters[Math.floor(random() * letters.length)]).join(""),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The same with names of which there are few, so that pieces refer to each other. */
function withFewNames(pieces: readonly Piece[]): Piece[] {
  const few = (name: string) => "abc"[name.length % 3]!;
  return pieces.map((piece) => {
    if (piece.kind === "either") return { ...piece, alternatives: piece.alternatives.map(withFewNames) };
    if (piece.kind === "value" || piece.kind === "length") return { ...piece, name: few(piece.name) };
    if (piece.kind !== "wild") return piece;
    const { type, name } = piece;
    const counted = type.kind === "bytes" && typeof type.count === "string";
    return {
      ...piece,
      ...counted && { type: { ...type, count: few(type.count) } },
      ...name !== undefined && { name: few(name) },
    };
  });
}

/** The names that pieces refer to, and those that they define. */
function namesIn(
  pieces: readonly Piece[],
): { readonly used: string[]; readonly counts: string[]; readonly own: string[] } {
  const names = { used: [] as string[], counts: [] as string[], own: [] as string[] };
  for (const piece of pieces) {
    if (piece.kind === "either") {
      for (const { used, counts, own } of piece.alternatives.map(namesIn)) {
        names.used.push(...used);
        names.counts.push(...counts);
        names.own.push(...own);
      }
    }
    if (piece.kind === "value" || piece.kind === "length") names.used.push(piece.name);
    if (piece.kind !== "wild") continue;
    if (piece.type.kind === "bytes" && typeof piece.type.count === "string") names.counts.push(piece.type.count);
    if (piece.name !== undefined) names.own.push(piece.name);
  }
  return names;
}

/** The names that must be defined before, or `undefined` where the pattern could not stand in a transcript. */
function neededBy(pieces: readonly Piece[]): string[] | undefined {
  const { used, counts, own } = namesIn(pieces);
  const names = [...new Set([...used, ...counts.filter((name) => !own.includes(name))])];
  if (names.some((name) => own.includes(name))) return undefined;
  const at = { connection: "x", place: { file: "a.chat", line: 1 } };
  try {
    checkSteps([
      { kind: "connect", ...at },
      { kind: "name", names, place: at.place },
      { kind: "expect", pieces, patient: false, ...at },
    ]);
    return names;
  } catch {
    return undefined;
  }
}

/** Many questions, about patterns and bytes that match them more or less. */
function someQuestions(): Question[] {
  const patterns: (readonly Piece[])[] = [];
  for (let round = 0; round < 3; round++) forAnyPieces("pattern", (pieces) => void patterns.push(pieces));
  const context = fc.sample(
    fc.record({
      value: fc.constantFrom("7", "12", "xyz", "0", "-"),
      caseless: fc.option(fc.constantFrom("E", "a", "ERROR "), { nil: undefined }),
      isWhole: fc.boolean(),
      hasFewNames: fc.boolean(),
      damage: fc.nat(3),
      seed: fc.nat(),
    }),
    patterns.length,
  );
  return context.flatMap(({ value, caseless, isWhole, hasFewNames, damage, seed }, i) => {
    const pieces = hasFewNames ? withFewNames(patterns[i]!) : patterns[i]!;
    const names = neededBy(pieces);
    if (names === undefined) return [];
    const below = randomBelow(seed);
    const random = () => below(1_000_000) / 1_000_000;
    const values = new Map(names.map((name) => [name, encoder.encode(value)]));
    const whole = joined(pieces.map((piece) => instanceOf(piece, values, random)));
    const at = below(whole.length + 1);
    const bytes = [
      whole,
      whole.slice(0, at),
      joined([whole, Uint8Array.of(10, 57)]),
      joined([whole.slice(0, at), Uint8Array.of(120), whole.slice(at)]),
    ][damage]!;
    return [{
      pieces,
      values,
      caseless: caseless === undefined ? undefined : encoder.encode(caseless),
      bytes,
      isWhole,
    }];
  }).filter(({ bytes }) => bytes.length < 300);
}

Deno.test({
  ...needs(["python3"], "a regular expression and our matcher agree on what matches, how far, and what is kept"),
  fn: async () => {
    const questions = someQuestions();
    const { out, err } = await python(["-"], program(questions));
    assertEquals(err, "");
    const answers = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(answers.length, questions.length);
    for (const [i, question] of questions.entries()) {
      const { found, isOpen } = answer(question);
      assertEquals(answers[i], found, program([question]).slice(-900));
      if (isOpen) assert(writePattern(question.pieces, question.caseless).isOpenEnded, program([question]).slice(-900));
    }
    // A test that only ever saw failures would prove little.
    const matched = answers.filter((answer) => answer !== null).length;
    assert(matched > 300, `${matched} of ${answers.length} have matched`);
  },
});

Deno.test("what ends for certain is not waited for", () => {
  const isOpenEnded = (text: string) => {
    return writePattern(parsePieces(text, "pattern", { file: "a.chat", line: 1 })).isOpenEnded;
  };
  for (
    const text of [
      "hi",
      "(SENT|SEND)@s {bob}\\n",
      "{_=digits}][",
      "{_=line}\\n",
      "{_=text}END",
      "{_=4 bytes}",
      "{_=word} a",
    ]
  ) {
    assertEquals([text, isOpenEnded(text)], [text, false]);
  }
  for (const text of ["{_=digits}", "{_=2..255}1", "{_=line}", "{_=text}", "{_=word}a", "(ab|a)", "({_=digits}|a)"]) {
    assertEquals([text, isOpenEnded(text)], [text, true]);
  }
});

Deno.test("the expression of a range takes the numbers of the range, as they are written, and no others", () => {
  const number = fc.oneof(fc.nat(30), fc.nat(3_000), fc.nat(999_999_999_999_999));
  fc.assert(fc.property(number, number, number, (one, other, far) => {
    const [low, high] = one < other ? [one, other] : [other, one];
    const expression = new RegExp(`^${rangeExpression(low, high)}$`);
    const numbers = [low - 1, low, low + 1, high - 1, high, high + 1, far].filter((number) => number >= 0);
    for (const number of numbers) {
      assertEquals(expression.test(String(number)), low <= number && number <= high, `${number}`);
    }
    assert(!expression.test(`0${low}`));
  }));
});
