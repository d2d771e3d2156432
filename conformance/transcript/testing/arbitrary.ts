/**
 * Arbitrary pieces and steps, for property tests.
 *
 * @module
 */

import fc from "fast-check";
import { anyText } from "../../../lib/core/testing/any_text.ts";
import type { Piece, Step, WildType } from "../syntax.ts";

const PLACE = { file: "any.chat", line: 1 };

const identifier = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,6}$/).filter((word) => word !== "length");
const connection = fc.stringMatching(/^[a-z][a-z0-9]{0,4}(\.[a-z0-9_-]{1,3})?$/).map((word) => `c${word}`);
const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const someBytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 6 }),
  anyText({ minLength: 1, maxLength: 6 }).map((text) => new TextEncoder().encode(text)),
);

const wildType: fc.Arbitrary<WildType> = fc.oneof(
  fc.constantFrom("digits", "letters", "word", "line", "text").map((kind) => ({ kind })),
  fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => {
    return { kind: "range" as const, low: Math.min(a, b), high: Math.max(a, b) };
  }),
  fc.oneof(fc.nat(70000), identifier).map((count) => ({ kind: "bytes" as const, count })),
);

/** Data, or a pattern, in the form in which a parser gives it: never two literals in a row. */
function anyPieces(kind: "data" | "pattern", depth = 2): fc.Arbitrary<Piece[]> {
  const data: fc.Arbitrary<Piece>[] = [
    someBytes.map((bytes) => ({ kind: "bytes", bytes })),
    identifier.map((name) => ({ kind: "value", name })),
    identifier.map((name) => ({ kind: "length", name })),
    fc.record({ kind: fc.constant("repeat" as const), bytes: someBytes, count: fc.nat(1000) }),
  ];
  const wild = fc.record(
    { kind: fc.constant("wild" as const), type: wildType, name: identifier, choice: identifier },
    { requiredKeys: ["kind", "type"] },
  );
  const either = fc.record({
    kind: fc.constant("either" as const),
    alternatives: fc.array(depth > 0 ? anyPieces("pattern", depth - 1) : fc.constant<Piece[]>([]), {
      minLength: 1,
      maxLength: 3,
    }),
    choice: identifier,
  }, { requiredKeys: ["kind", "alternatives"] });
  const piece = fc.oneof(...data, ...(kind === "pattern" ? [wild, either] : []));
  return fc.array(piece, { maxLength: 5 }).map((pieces) => {
    return pieces.filter((one, i) => one.kind !== "bytes" || pieces[i - 1]?.kind !== "bytes");
  });
}

const patient = fc.boolean();
const pattern = anyPieces("pattern").filter((pieces) => pieces.length > 0);
const data = anyPieces("data").filter((pieces) => pieces.length > 0);

const expect = fc.record({
  kind: fc.constant("expect" as const),
  connection,
  pieces: pattern,
  patient,
  place: fc.constant(PLACE),
});
const closed = fc.record({ kind: fc.constant("closed" as const), connection, patient, place: fc.constant(PLACE) });
const silent = fc.record({ kind: fc.constant("silent" as const), connection, place: fc.constant(PLACE) });

const accept = fc.record({
  kind: fc.constant("accept" as const),
  connection,
  pieces: fc.oneof(fc.constant([]), pattern),
  place: fc.constant(PLACE),
});
const shows = fc.record({ kind: fc.constant("shows" as const), pieces: pattern, place: fc.constant(PLACE) });
const ends = fc.record(
  {
    kind: fc.constant("ends" as const),
    status: fc.oneof(fc.nat(255), fc.constant("nonzero" as const)),
    place: fc.constant(PLACE),
  },
  { requiredKeys: ["kind", "place"] },
);
const file = identifier.map((name): Piece[] => [{ kind: "bytes", bytes: new TextEncoder().encode(`${name}*.txt`) }]);

/** Steps in the form in which a parser gives them, blocks included. */
function anySteps(depth = 2): fc.Arbitrary<Step[]> {
  const place = fc.constant(PLACE);
  const simple: fc.Arbitrary<Step>[] = [
    expect,
    closed,
    silent,
    fc.record({ kind: fc.constant("connect" as const), connection, place }),
    fc.record({ kind: fc.constant("send" as const), connection, pieces: data, bytewise: fc.boolean(), place }),
    fc.record({
      kind: fc.constantFrom("close" as const, "end" as const, "reset" as const, "forget" as const),
      connection,
      place,
    }),
    fc.record({
      kind: fc.constant("name" as const),
      names: fc.array(identifier, { minLength: 1, maxLength: 3 }),
      place,
    }),
    fc.record({ kind: fc.constant("let" as const), name: identifier, pieces: anyPieces("data"), place }),
    fc.record({
      kind: fc.constant("distinct" as const),
      names: fc.array(fc.oneof(identifier, identifier.map((name) => `${name}*`)), { minLength: 1, maxLength: 3 }),
      place,
    }),
    fc.record({ kind: fc.constant("unsupported" as const), reason: fc.constant("no empty bodies"), place }),
    fc.record({ kind: fc.constant("needs" as const), clauses: fc.constant(["relay/a", "relay/b-c"]), place }),
    accept,
    shows,
    ends,
    fc.record({ kind: fc.constant("type" as const), pieces: data, place }),
    fc.record({ kind: fc.constant("hides" as const), pieces: pattern, place }),
    fc.record({ kind: fc.constant("shows-other-than" as const), names: fc.tuple(identifier, identifier), place }),
    fc.record({ kind: fc.constant("idle" as const), place }),
    fc.record({
      kind: fc.constant("paced" as const),
      connection,
      low: fc.nat(99),
      high: fc.integer({ min: 99, max: 9999 }),
      place,
    }),
    fc.record({ kind: fc.constant("file" as const), file: file, pieces: pattern, place }),
  ];
  if (depth === 0) return fc.array(fc.oneof(...simple), { minLength: 1, maxLength: 4 });
  const then = anySteps(depth - 1);
  const some = fc.option(then, { nil: [] });
  const blocks: fc.Arbitrary<Step>[] = [
    fc.record({
      kind: fc.constant("soon" as const),
      steps: fc.array(fc.oneof(expect, closed), { minLength: 1, maxLength: 3 }),
      patient,
      place,
    }),
    fc.record({ kind: fc.constant("fence" as const), connection, steps: then, place }),
    fc.record({
      kind: fc.constant("all" as const),
      items: fc.array(fc.record({ first: fc.oneof(expect, closed, accept, shows, ends), then: some }), {
        minLength: 1,
        maxLength: 3,
      }),
      place,
    }),
    fc.record({
      kind: fc.constant("choice" as const),
      name: identifier,
      branches: fc.uniqueArray(fc.record({ label, first: fc.oneof(expect, closed, accept, shows, ends), then: some }), {
        minLength: 2,
        maxLength: 3,
        selector: (branch) => branch.label,
      }),
      place,
    }),
  ];
  return fc.array(fc.oneof(...simple, ...blocks), { minLength: 1, maxLength: 4 });
}

/** Holds something against many data, or patterns, and shows the smallest for which it does not hold. */
export function forAnyPieces(kind: "data" | "pattern", check: (pieces: readonly Piece[]) => void): void {
  fc.assert(fc.property(anyPieces(kind), check), { numRuns: 500 });
}

/** Holds something against many blocks of steps, and shows the smallest for which it does not hold. */
export function forAnySteps(check: (steps: readonly Step[]) => void): void {
  fc.assert(fc.property(anySteps(), check), { numRuns: 500 });
}
