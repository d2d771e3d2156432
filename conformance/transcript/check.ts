/**
 * What can be checked of a transcript's steps before they are played: names and connections that nothing introduced, and
 * what the steps as a whole need.
 *
 * @module
 */

import { isClientStep } from "./client_steps.ts";
import { mistake, type Place, showPlace } from "./place.ts";
import { Scope } from "./scope.ts";
import type { ClientStep, Piece, Step } from "./syntax.ts";

/** What the steps of a fixture ask of the run. */
export interface Demands {
  /** Clauses that its macros, and the fences it waits for, stand on. */
  readonly needs: ReadonlySet<string>;
  /** Whether one of its steps waits for the server to lose patience. */
  readonly patient: boolean;
}

/**
 * Checks the steps of a fixture, in a dialect of streams or of datagrams; throws a {@linkcode mistake} for the first that
 * cannot be played.
 */
export function checkSteps(steps: readonly Step[], hasDatagrams = false, role: Role = "server"): Demands {
  const demands = { needs: new Set<string>(), patient: false };
  new Checker(demands, hasDatagrams, role).steps(steps);
  return demands;
}

/** What a fixture plays against: a server, or a client, to which it plays the server. */
export type Role = "server" | "client";

/** What a client is called, where its command or what is typed first takes a name: known in all its fixtures. */
export const USER = "user";

/** What is known of each connection that is a port for datagrams, by the name of the connection and a dot. */
export const ENDPOINT_VALUES = ["port", "address"] as const;
/** What is known of the target under the same names; no connection can be called that. */
export const TARGET = "target";

/** What is known at one point of the transcript. */
interface Known {
  readonly values: Scope<Place>;
  readonly connections: Set<string>;
  readonly forgotten: Set<string>;
  readonly fences: Map<string, readonly Step[]>;
}

class Checker {
  #known: Known = { values: new Scope(), connections: new Set(), forgotten: new Set(), fences: new Map() };
  readonly #demands: { readonly needs: Set<string>; patient: boolean };
  readonly #hasDatagrams: boolean;
  readonly #role: Role;

  constructor(demands: { readonly needs: Set<string>; patient: boolean }, hasDatagrams: boolean, role: Role) {
    this.#demands = demands;
    this.#hasDatagrams = hasDatagrams;
    this.#role = role;
    if (role === "client") this.#known.values.set(USER, { file: "the run", line: 0 });
  }

  steps(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: Step): void {
    if ("patient" in step && step.patient) this.#demands.patient = true;
    if (isClientStep(step)) {
      if (this.#role === "client") return this.#clientStep(step);
      throw mistake(step.place, `${step.kind} is for clients under test, whose clauses begin with client-`);
    }
    switch (step.kind) {
      case "connect":
        if (this.#role === "client" && !this.#hasDatagrams) {
          throw mistake(step.place, `a client connects to us: accept ${step.connection}`);
        }
        this.#opens(step.connection);
        if (this.#hasDatagrams) this.#knowsEndpoint(step.connection, step.place);
        return;
      case "send":
        this.#isOpened(step.connection, step.place);
        if (step.bytewise) this.#isStream(">>", step.place);
        return this.#pieces(step.pieces, step.place);
      case "expect":
        this.#isWatched(step.connection, step.place);
        return this.#pieces(step.pieces, step.place);
      case "silent":
        this.#isWatched(step.connection, step.place);
        // A fence costs only the fixture that waits for it.
        return this.#apart(() => this.steps(this.#known.fences.get(step.connection) ?? []));
      case "closed":
        this.#isStream("closed", step.place);
        return this.#isWatched(step.connection, step.place);
      case "end":
      case "reset":
        this.#isStream(step.kind, step.place);
        return this.#isOpened(step.connection, step.place);
      case "close":
        return this.#isOpened(step.connection, step.place);
      case "forget":
        this.#isOpened(step.connection, step.place);
        this.#known.forgotten.add(step.connection);
        return;
      case "name":
        for (const name of step.names) this.#define(name, step.place);
        return;
      case "let":
        this.#pieces(step.pieces, step.place);
        return this.#define(step.name, step.place);
      case "distinct":
        return this.#distinct(step.names, step.place);
      case "needs":
        for (const clause of step.clauses) this.#demands.needs.add(clause);
        return;
      case "all":
        for (const { first, then } of step.items) this.steps([first, ...then]);
        return;
      case "choice":
        return this.#branches(step.branches.map(({ first, then }) => [first, ...then]));
      case "soon":
        return this.steps(step.steps);
      case "fence":
        this.#isOpened(step.connection, step.place);
        this.#fence(step.steps);
        this.#known.fences.set(step.connection, step.steps);
        return;
    }
  }

  #clientStep(step: ClientStep): void {
    switch (step.kind) {
      case "accept":
        this.#opens(step.connection);
        return this.#pieces(step.pieces, step.place);
      case "paced":
        return this.#isWatched(step.connection, step.place);
      case "type":
      case "shows":
      case "hides":
        return this.#pieces(step.pieces, step.place);
      case "shows-other-than":
        return step.names.forEach((name) => this.#isDefined(name, step.place));
      case "file":
        this.#pieces(step.file, step.place);
        return this.#pieces(step.pieces, step.place);
    }
  }

  #opens(connection: string): void {
    this.#known.connections.add(connection);
    this.#known.forgotten.delete(connection);
    this.#known.fences.delete(connection);
  }

  /** Its steps are checked where they stand, but what they need is checked only where they are played. */
  #fence(steps: readonly Step[]): void {
    const checker = new Checker({ needs: new Set(), patient: false }, this.#hasDatagrams, this.#role);
    checker.#known = copy(this.#known);
    checker.steps(steps);
  }

  /** After a choice only that is known which every branch makes known. */
  #branches(branches: readonly (readonly Step[])[]): void {
    const before = this.#known;
    const after = branches.map((steps) => {
      this.#known = copy(before);
      this.steps(steps);
      return this.#known;
    });
    const [first, ...others] = after;
    before.values.learn(after.map(({ values }) => values));
    this.#known = {
      values: before.values,
      connections: new Set([...first!.connections].filter((name) => others.every((o) => o.connections.has(name)))),
      forgotten: new Set([...first!.forgotten].filter((name) => others.every((o) => o.forgotten.has(name)))),
      fences: new Map([...first!.fences].filter(([name, steps]) => others.every((o) => o.fences.get(name) === steps))),
    };
  }

  #apart(check: () => void): void {
    const before = this.#known;
    this.#known = copy(before);
    check();
    this.#known = before;
  }

  #pieces(pieces: readonly Piece[], place: Place): void {
    for (const piece of pieces) {
      switch (piece.kind) {
        case "value":
        case "length":
          this.#isDefined(piece.name, place);
          break;
        case "either":
          this.#branchesOf(piece.alternatives, place);
          break;
        case "wild":
          if (piece.type.kind === "bytes" && typeof piece.type.count === "string") {
            this.#isDefined(piece.type.count, place);
          }
          if (piece.name !== undefined) this.#define(piece.name, place);
          break;
      }
    }
  }

  #branchesOf(alternatives: readonly (readonly Piece[])[], place: Place): void {
    const before = this.#known;
    const after = alternatives.map((pieces) => {
      this.#known = { ...before, values: new Scope(before.values) };
      this.#pieces(pieces, place);
      return this.#known.values;
    });
    before.values.learn(after);
    this.#known = before;
  }

  #knowsEndpoint(connection: string, place: Place): void {
    if (connection === TARGET) throw mistake(place, `${TARGET} is the server: no port of ours can be called that`);
    for (const who of [connection, TARGET]) {
      for (const what of ENDPOINT_VALUES) this.#known.values.set(`${who}.${what}`, place);
    }
  }

  #isStream(what: string, place: Place): void {
    if (this.#hasDatagrams) {
      throw mistake(place, `${what} is for streams: a port for datagrams has no end, and no pieces`);
    }
  }

  #define(name: string, place: Place): void {
    const other = this.#known.values.get(name);
    if (other !== undefined) throw mistake(place, `{${name}} is defined already, at ${showPlace(other)}`);
    this.#known.values.set(name, place);
  }

  #distinct(names: readonly string[], place: Place): void {
    for (const name of names) if (!name.includes("*")) this.#isDefined(name, place);
    if (namesLike(names, this.#known.values.keys()).length > 1) return;
    throw mistake(place, "distinct compares two values or more");
  }

  #isDefined(name: string, place: Place): void {
    if (this.#known.values.get(name) !== undefined) return;
    throw mistake(place, `{${name}} is not defined: "name ${name}" makes up a fresh name, {${name}=TYPE} captures one`);
  }

  #isWatched(connection: string, place: Place): void {
    this.#isOpened(connection, place);
    if (!this.#known.forgotten.has(connection)) return;
    throw mistake(place, `${connection} was forgotten by a line above: nothing can be expected on it`);
  }

  #isOpened(connection: string, place: Place): void {
    if (this.#known.connections.has(connection)) return;
    throw mistake(place, `${connection} is no connection: "connect ${connection}" opens it`);
  }
}

/** Those of the known names that are among `names`, in which a `*` stands for any characters. */
export function namesLike(names: readonly string[], known: Iterable<string>): string[] {
  const like = new RegExp(`^(?:${names.map((name) => name.replaceAll("*", ".*")).join("|")})$`);
  return [...known].filter((name) => like.test(name));
}

function copy(known: Known): Known {
  return {
    values: new Scope(known.values),
    connections: new Set(known.connections),
    forgotten: new Set(known.forgotten),
    fences: new Map(known.fences),
  };
}
