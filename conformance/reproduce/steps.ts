/**
 * The steps of a fixture as Python, one line each, that a person can read and change.
 *
 * @module
 */

import type { Failure } from "../play/failure.ts";
import { printHead } from "../transcript/print.ts";
import { printPieces } from "../transcript/pieces.ts";
import { callerOf, type Place, showPlace } from "../transcript/place.ts";
import type { All, Choice, Expect, Fence, Piece, Soon, Step } from "../transcript/syntax.ts";
import { bytesLiteral, stringLiteral } from "./python.ts";

const INDENT = "    ";

/** Writes the body of `async def play(p)`: with a comment for each line of the fixture, and for the one that failed. */
export function writeSteps(steps: readonly Step[], failure?: Failure): string {
  const writer = new Writer(failure);
  writer.steps(steps);
  return writer.text;
}

/** Writes the value of a name. */
export type WriteValue = (name: string) => string;

/** Writes the arguments that stand for data or a pattern. */
export function writePieces(pieces: readonly Piece[], value: WriteValue = ofPlayer): string {
  return pieces.map((piece) => writePiece(piece, value)).join(", ");
}

function ofPlayer(name: string): string {
  return `p[${stringLiteral(name)}]`;
}

class Writer {
  text = "";
  readonly #failure: Failure | undefined;
  #depth = 1;
  #functions = 0;
  #line: string | undefined;

  constructor(failure: Failure | undefined) {
    this.#failure = failure;
  }

  /** Writes steps, or that there are none. */
  steps(steps: readonly Step[]): void {
    const played = steps.filter(({ kind }) => kind !== "needs");
    if (played.length === 0) this.#write("pass");
    for (const step of played) {
      this.#comment(step);
      this.#step(step);
    }
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "connect":
      case "close":
      case "end":
      case "reset":
      case "forget":
      case "silent":
        return this.#write(`await p.${step.kind}(${stringLiteral(step.connection)})`);
      case "send": {
        const bytewise = step.bytewise ? ", bytewise=True" : "";
        return this.#write(`await p.send(${stringLiteral(step.connection)}, ${writePieces(step.pieces)}${bytewise})`);
      }
      case "expect": {
        const args = `${stringLiteral(step.connection)}, ${writePieces(step.pieces)}${patience(step)}`;
        return this.#write(`await p.expect(${args})`);
      }
      case "closed":
        return this.#write(`await p.closed(${stringLiteral(step.connection)}${patience(step)})`);
      case "name":
      case "distinct":
        return this.#write(`p.${step.kind}(${step.names.map(stringLiteral).join(", ")})`);
      case "let":
        return this.#write(`p.let(${[stringLiteral(step.name), writePieces(step.pieces)].filter(Boolean).join(", ")})`);
      case "unsupported":
        return this.#write(`p.declines(${stringLiteral(step.reason)})`);
      case "needs":
        return;
      case "all":
        return this.#all(step);
      case "choice":
        return this.#choice(step);
      case "soon":
        return this.#soon(step);
      case "fence":
        return this.#fence(step);
    }
  }

  #all({ items }: All): void {
    const names = items.map(({ first, then }) => this.#function("lane", [first, ...then]));
    this.#write(`await p.all(${names.join(", ")})`);
  }

  #choice({ name, branches }: Choice): void {
    this.#write("label = await p.choice(");
    this.#write(`${INDENT}${stringLiteral(name)},`);
    for (const { label, first } of branches) {
      this.#write(`${INDENT}(${stringLiteral(label)}, ${writeBeginning(first)}),`);
    }
    this.#write(")");
    for (const [i, { label, then }] of branches.entries()) {
      this.#write(`${i === 0 ? "if" : "elif"} label == ${stringLiteral(label)}:`);
      this.#block(then);
    }
  }

  #soon(step: Soon): void {
    const name = this.#function("attempt", step.steps);
    this.#write(`await p.soon(${name}${patience(step)})`);
  }

  #fence({ connection, steps }: Fence): void {
    const name = this.#function("fence", steps);
    const proves = steps.some((step) => step.kind === "expect" && step.connection === connection);
    this.#write(`p.fence(${stringLiteral(connection)}, ${name}, ${proves ? "True" : "False"})`);
  }

  #function(what: string, steps: readonly Step[]): string {
    const name = `${what}_${++this.#functions}`;
    this.#write(`async def ${name}():`);
    this.#block(steps);
    return name;
  }

  #block(steps: readonly Step[]): void {
    this.#depth++;
    this.steps(steps);
    this.#depth--;
  }

  #comment(step: Step): void {
    const line = whereOf(callerOf(step.place));
    if (line !== this.#line) this.#write(`# ${line}`);
    this.#line = line;
    const failure = this.#failure;
    if (failure === undefined || showPlace(failure.place) !== showPlace(step.place)) return;
    if (failure.step === printHead(step)) this.#write(`# Here it failed: ${failure.reason}.`);
  }

  #write(line: string): void {
    this.text += `${INDENT.repeat(this.#depth)}${line}\n`;
  }
}

function whereOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

function patience({ patient }: { readonly patient: boolean }): string {
  return patient ? ", patient=True" : "";
}

function writeBeginning(step: Choice["branches"][number]["first"]): string {
  const connection = stringLiteral(step.connection);
  switch (step.kind) {
    case "silent":
      return `p.find(${connection})`;
    case "closed":
      return `p.closes(${connection})`;
    case "expect":
      return `p.arrives(${connection}, ${writePieces((step satisfies Expect).pieces)})`;
  }
}

function writePiece(piece: Piece, value: WriteValue): string {
  switch (piece.kind) {
    case "bytes":
      return bytesLiteral(piece.bytes);
    case "value":
      return value(piece.name);
    case "length":
      return `p.length(${stringLiteral(piece.name)})`;
    case "repeat":
      return `Value(${bytesLiteral(piece.bytes)} * ${piece.count})`;
    case "either": {
      const alternatives = piece.alternatives.map((pieces) => {
        return `(${stringLiteral(printPieces(pieces))}, [${writePieces(pieces, value)}])`;
      });
      return `Either(${[...alternatives, ...named("choice", piece.choice)].join(", ")})`;
    }
    case "wild": {
      const { type, name, choice } = piece;
      const kind = [stringLiteral(type.kind), ...named("name", name), ...named("choice", choice)];
      if (type.kind === "range") kind.push(`low=${type.low}`, `high=${type.high}`);
      if (type.kind === "bytes") {
        kind.push(`number=${typeof type.count === "number" ? type.count : stringLiteral(type.count)}`);
      }
      return `Wild(${kind.join(", ")})`;
    }
  }
}

function named(key: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${key}=${stringLiteral(value)}`];
}
