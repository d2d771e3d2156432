import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compile } from "../pattern/compile.ts";
import { Matcher } from "../pattern/matcher.ts";
import { forAnyPieces } from "../transcript/any.ts";
import { randomBelow } from "../segmentation/random.ts";
import { spell } from "../transcript/escape.ts";
import type { Piece, WildType } from "../transcript/syntax.ts";
import { needs } from "../needed_programs.ts";
import { python } from "./python_for_tests.ts";
import { bytesLiteral, dictionary } from "./python.ts";
import { writePieces } from "./steps.ts";

const PLAYER = await Deno.readTextFile(new URL("player.py", import.meta.url));
const encoder = new TextEncoder();

/** What both are asked: does this pattern match these bytes? */
interface Question {
  readonly pieces: readonly Piece[];
  readonly values: ReadonlyMap<string, Uint8Array>;
  readonly caseless: Uint8Array | undefined;
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

function answer({ pieces, values, caseless, bytes, isWhole }: Question): unknown {
  const surroundings = { value: (name: string) => values.get(name), ...caseless !== undefined && { caseless } };
  const matcher = new Matcher(compile(pieces, surroundings), isWhole);
  const state = matcher.advance(bytes);
  const match = state === "open" || state === "matched" ? matcher.match()! : undefined;
  if (match === undefined) return [state];
  const sorted = (map: ReadonlyMap<string, string>) => [...map].toSorted(([a], [b]) => a < b ? -1 : 1);
  const kept = new Map([...match.values].map(([name, value]) => [name, spell(value)]));
  return [state, match.length, sorted(kept), sorted(match.choices)];
}

/** A program of Python that answers questions as JSON, a line each. */
function program(questions: readonly Question[]): string {
  const asked = questions.map(({ pieces, values, caseless, bytes, isWhole }) => {
    const known = dictionary(values, bytesLiteral);
    const prefix = caseless === undefined ? "None" : bytesLiteral(caseless);
    const pattern = `[${writePieces(pieces)}]`;
    return `ask(${known}, lambda p: ${pattern}, ${prefix}, ${bytesLiteral(bytes)}, ${isWhole ? "True" : "False"})`;
  });
  return `__name__ = "test"\n${PLAYER}
import json

def ask(values, pattern, caseless, data, whole):
    player = Player("", 0, 1, {}, None, caseless, {}, {}, whole, None)
    player.values = values
    found = Match(fold(pattern(player), caseless, b"", False)[0], data, whole, values)
    answer = [found.state]
    if found.state in ("open", "matched"):
        kept = {name: spell(value) for name, value in found.kept.items()}
        answer += [found.length, sorted(kept.items()), sorted(found.choices.items())]
    print(json.dumps(answer))

${asked.join("\n")}
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
  const letters = { digits: "0123456789", word: "ab-9", line: "ab 9", text: "a\nb{", row: 'a:"\n ' }[type.kind];
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

/** The names of values that pieces refer to, and those that they keep themselves. */
function namesIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === "either") return piece.alternatives.flatMap(namesIn);
    if (piece.kind === "value" || piece.kind === "length") return [piece.name];
    return piece.kind === "wild" && piece.type.kind === "bytes" && typeof piece.type.count === "string"
      ? [piece.type.count]
      : [];
  });
}

/** Many questions, about patterns and bytes that match them more or less. */
function someQuestions(): Question[] {
  const patterns: (readonly Piece[])[] = [];
  for (let round = 0; round < 3; round++) forAnyPieces("pattern", (pieces) => void patterns.push(pieces));
  const circumstances = fc.sample(
    fc.record({
      value: fc.constantFrom("7", "12", "abc", "0", ""),
      caseless: fc.option(fc.constantFrom("E", "a", "ERROR "), { nil: undefined }),
      isWhole: fc.boolean(),
      hasFewNames: fc.boolean(),
      damage: fc.nat(3),
      seed: fc.nat(),
    }),
    patterns.length,
  );
  return circumstances.map(({ value, caseless, isWhole, hasFewNames, damage, seed }, i) => {
    const pieces = hasFewNames ? withFewNames(patterns[i]!) : patterns[i]!;
    const below = randomBelow(seed);
    const random = () => below(1_000_000) / 1_000_000;
    const values = new Map(namesIn(pieces).map((name) => [name, encoder.encode(value)]));
    const whole = joined(pieces.map((piece) => instanceOf(piece, values, random)));
    const at = below(whole.length + 1);
    const bytes = [
      whole,
      whole.slice(0, at),
      joined([whole, Uint8Array.of(10, 57)]),
      joined([whole.slice(0, at), Uint8Array.of(120), whole.slice(at)]),
    ][damage]!;
    return { pieces, values, caseless: caseless === undefined ? undefined : encoder.encode(caseless), bytes, isWhole };
  }).filter(({ bytes }) => bytes.length < 300 && !mayBeNew(bytes));
}

Deno.test({
  ...needs(["python3"], "the script's matcher and ours agree on what matches, how far, and what is kept"),
  fn: async () => {
    const questions = someQuestions();
    const { out, err } = await python(["-"], program(questions));
    assertEquals(err, "");
    const answers = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(answers.length, questions.length);
    for (const [i, question] of questions.entries()) {
      assertEquals(answers[i], answer(question), program([question]).slice(-900));
    }
    // A test that only ever saw failures would prove little.
    const matched = answers.filter(([state]) => state === "open" || state === "matched").length;
    assertEquals(matched > 300, true, `${matched} have matched`);
  },
});

Deno.test({
  ...needs(["python3"], "the script spells bytes as we do"),
  fn: async () => {
    const samples = [
      ...fc.sample(fc.uint8Array({ maxLength: 12 }), 300),
      ...fc.sample(fc.string({ unit: "binary", maxLength: 6 }), 300).map((text) => encoder.encode(text)),
    ].filter((bytes) => !mayBeNew(bytes));
    const lines = samples.map((bytes) => `print(json.dumps(spell(${bytesLiteral(bytes)})))`);
    const { out, err } = await python(["-"], `__name__ = "test"\n${PLAYER}\nimport json\n${lines.join("\n")}\n`);
    assertEquals(err, "");
    assertEquals(out.trimEnd().split("\n").map((line) => JSON.parse(line)), samples.map((bytes) => spell(bytes)));
  },
});

/** Whether there are characters of which an older Unicode, in Python or in Deno, may not know yet that they are some. */
function mayBeNew(bytes: Uint8Array): boolean {
  return [...new TextDecoder().decode(bytes)].some((character) => character > "\u{2fff}");
}
