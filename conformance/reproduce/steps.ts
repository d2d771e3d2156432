/**
 * The steps of a fixture as Python that a person can read and change.
 *
 * @module
 */

import type { Failure } from "../play/failure.ts";
import { type Deviation, join } from "../run/segmentation/variation.ts";
import { printHead } from "../transcript/print.ts";
import { callerOf, type Place, showPlace } from "../transcript/place.ts";
import { isClientStep } from "../transcript/client_steps.ts";
import { parseBytes, printPieces } from "../transcript/pieces.ts";
import type {
  Accept,
  All,
  Awaitable,
  Branch,
  Choice,
  ClientStep,
  Closed,
  Distinct,
  Expect,
  Item,
  Piece,
  Send,
  Silent,
  Soon,
  Step,
} from "../transcript/syntax.ts";
import { anywhere } from "../play/client/shows_wait.ts";
import { valueOf, writeData } from "./data.ts";
import { type ChoicePiece, type PythonPattern, writePattern } from "./pattern.ts";
import { stringLiteral } from "./python.ts";

const INDENT = "    ";
/** How many deadlines a step may take that waits for the server to lose patience, and each step of what is tried again. */
const PATIENCE = 4;
const RETRIED = 1 / 4;
/** What makes something to wait for of what only a client does. */
const WANTED = { accept: "accepted", shows: "shown", hides: "shown", ends: "end_of_program" };

/** What is particular to the failure. */
export interface Particulars {
  /** The step that failed, and why. */
  readonly failure?: Failure | undefined;
  /** Where what is sent is cut, and what is sent together. */
  readonly deviations?: readonly Deviation[] | undefined;
  /** See `Fixture.caseless`. */
  readonly caseless?: Uint8Array | undefined;
  /** How the server made choices before that it made otherwise here, by their names. */
  readonly agreed?: ReadonlyMap<string, string> | undefined;
}

/** Writes the body of `def play()`: with a comment for each line of the fixture, and for the one that failed. */
export function writeSteps(steps: readonly Step[], particulars: Particulars = {}): string {
  const writer = new Writer(particulars);
  writer.steps(join(steps, particulars.deviations ?? []));
  return writer.text;
}

class Writer {
  text = "";
  readonly #particulars: Particulars;
  readonly #choices: ReadonlySet<string>;
  readonly #fences = new Map<string, readonly Step[]>();
  #depth = 1;
  #functions = 0;
  #line: string | undefined;
  /** How what is expected is waited for: at once, or by the lane that it stands in. */
  #isInLane = false;
  /** What steps are given that are tried again. */
  #isRetried = false;

  constructor(particulars: Particulars) {
    this.#particulars = particulars;
    this.#choices = new Set(particulars.agreed?.keys());
  }

  /** Writes steps, or that there are none. */
  steps(steps: readonly Step[]): void {
    const played = steps.filter(({ kind }) => kind !== "needs" && kind !== "fence");
    if (played.length === 0) this.#write("pass");
    for (const step of steps) {
      this.#comment(step);
      this.#step(step);
    }
  }

  #step(step: Step): void {
    if (isClientStep(step)) return this.#clientStep(step);
    switch (step.kind) {
      case "connect":
        this.#fences.delete(step.connection);
        return this.#write(`connect(${stringLiteral(step.connection)})`);
      case "close":
      case "end":
      case "reset":
      case "forget":
        return this.#write(`${step.kind}(${stringLiteral(step.connection)})`);
      case "silent":
        return this.#silent(step);
      case "send":
        return this.#send(step);
      case "expect":
      case "closed":
        return this.#expect(step);
      case "name":
        return this.#write(`make_up(${step.names.map(stringLiteral).join(", ")})`);
      case "let":
        return this.#write(`${valueOf(step.name)} = ${writeData(step.pieces)}`);
      case "distinct":
        return this.#distinct(step);
      case "unsupported":
        return this.#write(`raise Unsupported(${stringLiteral(step.reason)})`);
      case "needs":
        return;
      case "all":
        return this.#all(step);
      case "choice":
        return this.#choice(step);
      case "soon":
        return this.#soon(step);
      case "fence":
        this.#fences.set(step.connection, step.steps);
        return;
    }
  }

  #clientStep(step: ClientStep): void {
    switch (step.kind) {
      case "accept":
      case "shows":
      case "ends": {
        const { args, choices } = this.#wantArguments(step);
        this.#write(this.#isInLane ? `yield ${WANTED[step.kind]}(${args})` : `${step.kind}(${args})`);
        return this.#came(step, choices);
      }
      case "type":
        return this.#write(`type_in(${writeData(step.pieces)})`);
      case "hides":
        return this.#write(`hides(${this.#pattern(anywhere(step.pieces)).expression})`);
      case "shows-other-than":
        return this.#write(`shows_other_than(${step.names.map(stringLiteral).join(", ")})`);
      case "idle":
        return this.#write("idle()");
      case "paced":
        return this.#write(`paced(${stringLiteral(step.connection)}, ${step.low / 1000}, ${step.high / 1000})`);
      case "file": {
        return this.#write(
          `file_contains(${writeData(step.file)}, ${this.#pattern(anywhere(step.pieces)).expression})`,
        );
      }
    }
  }

  /** What follows as soon as something has come true. */
  #came(step: Awaitable, choices: readonly ChoicePiece[]): void {
    if (tellsPort(step)) this.#write(`knows_port(${stringLiteral(step.connection)})`);
    this.#decided(choices);
  }

  #send(step: Send): void {
    const cuts = this.#particulars.deviations?.flatMap((one) => one.kind === "cut" && one.step === step ? one.at : []);
    const options = step.bytewise ? ", bytewise=True" : cuts?.length ? `, cut=[${cuts.join(", ")}]` : "";
    this.#write(`send(${stringLiteral(step.connection)}, ${writeData(step.pieces)}${options})`);
  }

  #expect(step: Expect | Closed): void {
    const { args, choices } = this.#wantArguments(step);
    this.#write(this.#isInLane ? `yield want(${args})` : `expect(${args})`);
    this.#decided(choices);
  }

  /** The arguments that say what is waited for, and the choices of the server that come with it. */
  #wantArguments(step: Awaitable): { readonly args: string; readonly choices: readonly ChoicePiece[] } {
    const args = "connection" in step ? [stringLiteral(step.connection)] : [];
    let choices: readonly ChoicePiece[] = [];
    if (step.kind === "closed") args.push("None");
    else if (step.kind === "ends") {
      if (step.status !== undefined) args.push(JSON.stringify(step.status));
    } else if (step.kind !== "accept" || step.pieces.length > 0) {
      const pattern = this.#pattern(step.kind === "shows" ? anywhere(step.pieces) : step.pieces);
      args.push(pattern.expression, ...pattern.names.map(stringLiteral));
      if (pattern.isOpenEnded) args.push("open_ended=True");
      choices = pattern.choices;
    }
    if ("patient" in step && step.patient) args.push(`patience=${PATIENCE}`);
    else if (this.#isRetried) args.push(`patience=${RETRIED}`);
    return { args: args.join(", "), choices };
  }

  #pattern(pieces: readonly Piece[]): PythonPattern {
    return writePattern(pieces, this.#particulars.caseless, this.#choices);
  }

  /** A server makes each choice in one way. */
  #decided(pieces: readonly ChoicePiece[]): void {
    for (const piece of pieces) {
      const choice = piece.choice!;
      const made = valueOf(`@${choice}`);
      const agreed = this.#particulars.agreed!.get(choice)!;
      this.#write(`if not re.fullmatch(${writeChosen(piece, agreed)}, ${made}, re.DOTALL):`);
      this.#write(`${INDENT}fail(${stringLiteral(`${choice} is ${agreed} elsewhere`)}, show(${made}))`);
    }
  }

  #silent({ connection }: Silent): void {
    const fence = this.#fences.get(connection);
    const name = stringLiteral(connection);
    if (fence !== undefined) {
      // What the server had to say before, it has said before this.
      this.#write(`must_be_quiet(connections[${name}])`);
      for (const step of fence) this.#step(step);
    }
    const isProof = fence?.some((step) => step.kind === "expect" && step.connection === connection) ?? false;
    this.#write(isProof ? `must_be_quiet(connections[${name}])` : `silent(${name})`);
  }

  #distinct({ names }: Distinct): void {
    const like = names.map((name) => name.replaceAll(".", "\\.").replaceAll("*", ".*")).join("|");
    this.#write(`same = [name for name in v if re.fullmatch(r"${like}", name)]`);
    this.#write("if len({v[name] for name in same}) < len(same):");
    this.#write(`${INDENT}fail("these should all differ", *["%s: %s" % (name, show(v[name])) for name in same])`);
  }

  #all({ items }: All): void {
    const branches = items.map((item) =>
      this.#isPlain(item) ? `${wanted(item.first)}(${this.#wantArguments(item.first).args})` : this.#branch(item)
    );
    this.#write("all_of(");
    for (const [i, lane] of branches.entries()) {
      this.#comment(items[i]!.first, INDENT);
      this.#write(`${INDENT}${lane},`);
    }
    this.#write(")");
  }

  /** Whether nothing follows as soon as it has come true. */
  #isPlain({ first, then }: Item): boolean {
    return then.every(({ kind }) => kind === "needs") && !tellsPort(first) &&
      this.#wantArguments(first).choices.length === 0;
  }

  #branch({ first, then }: Item): string {
    return `${this.#function("lane", [first, ...then], { isInLane: true, isRetried: false })}()`;
  }

  #choice({ name, branches }: Choice): void {
    const heard = branches.filter((branch) => branch.first.kind !== "silent");
    const choices = new Map<Branch, readonly ChoicePiece[]>();
    this.#write("chosen = first_of(");
    for (const branch of heard) {
      const first = branch.first as Awaitable;
      const want = this.#wantArguments(first);
      choices.set(branch, want.choices);
      this.#comment(first, INDENT);
      this.#write(`${INDENT}${wanted(first)}(${want.args}),`);
    }
    for (const { first } of branches) {
      if (first.kind !== "silent") continue;
      this.#write(`${INDENT}unless_silent=${stringLiteral(first.connection)},`);
    }
    this.#write(")");
    const agreed = this.#particulars.agreed?.get(name);
    for (const [i, branch] of branches.entries()) {
      const number = heard.indexOf(branch);
      const is = number < 0 ? "is None" : `== ${number}`;
      this.#write(`${i === 0 ? "if" : "elif"} chosen ${is}:  # ${name}: ${branch.label}`);
      this.#depth++;
      if (branch.first.kind !== "silent") this.#came(branch.first, choices.get(branch) ?? []);
      if (agreed !== undefined && agreed !== branch.label) {
        this.#write(`fail(${stringLiteral(`${name} is ${agreed} elsewhere, and ${branch.label} here`)})`);
      }
      this.steps(branch.then);
      this.#depth--;
    }
  }

  #soon(step: Soon): void {
    const name = this.#function("attempt", step.steps, { isInLane: false, isRetried: true });
    this.#write(`soon(${name}${step.patient ? `, patience=${PATIENCE}` : ""})`);
  }

  #function(
    what: string,
    steps: readonly Step[],
    how: { readonly isInLane: boolean; readonly isRetried: boolean },
  ): string {
    const before = { isInLane: this.#isInLane, isRetried: this.#isRetried };
    const name = `${what}_${++this.#functions}`;
    this.#write(`def ${name}():`);
    this.#isInLane = how.isInLane;
    this.#isRetried = how.isRetried;
    this.#depth++;
    this.steps(steps);
    this.#depth--;
    this.#isInLane = before.isInLane;
    this.#isRetried = before.isRetried;
    return name;
  }

  #comment(step: Step, indent = ""): void {
    const line = whereOf(callerOf(step.place));
    if (line !== this.#line) this.#write(`${indent}# ${line}`);
    this.#line = line;
    const { failure } = this.#particulars;
    if (failure === undefined || showPlace(failure.place) !== showPlace(step.place)) return;
    if (failure.step === printHead(step)) this.#write(`${indent}# Here it failed: ${failure.reason}.`);
  }

  #write(line: string): void {
    this.text += `${INDENT.repeat(this.#depth)}${line}\n`;
  }
}

function whereOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** A regular expression for the bytes that a choice was made with. */
function writeChosen(piece: ChoicePiece, value: string): string {
  if (piece.kind === "wild") {
    const bytes = parseBytes(value.replace(/[{}()|]/g, "\\$&"), { file: "", line: 0 });
    return writePattern([{ kind: "bytes", bytes }]).expression;
  }
  const chosen = piece.alternatives.find((pieces) => printPieces(pieces) === value);
  return chosen === undefined ? 'rb"(?!)"' : writePattern(chosen).expression;
}

/** What makes something to wait for, beside other things. */
function wanted({ kind }: Awaitable): string {
  return kind === "expect" || kind === "closed" ? "want" : WANTED[kind];
}

/** Whether a client says with it where it listens for datagrams, or may be answered where it has sent from. */
function tellsPort(step: Awaitable): step is Accept {
  return step.kind === "accept" && step.pieces.some((piece) => piece.kind === "wild" && piece.name === "port");
}
