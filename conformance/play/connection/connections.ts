/**
 * All connections of one fixture.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import { mistake, type Place } from "../../transcript/place.ts";
import type { Part, Step } from "../../transcript/syntax.ts";
import type { Connection } from "./connection.ts";
import { closedEarly, leftOver } from "../explain.ts";
import type { RoundTripEstimator } from "../round_trip_estimator.ts";

/** A step that is about a connection. */
export interface OnConnection {
  /** The connection's name. */
  readonly connection: string;
  /** Where the step stands. */
  readonly place: Place;
}

/** The connections of one fixture, by name: the latest that was opened under it. */
export class Connections {
  readonly #byName = new Map<string, Connection>();
  readonly #all: Connection[] = [];

  /** Every one there ever was, in the order in which they were opened. */
  get all(): readonly Connection[] {
    return this.#all;
  }

  /** Adds one that was opened. */
  add(connection: Connection): void {
    this.#byName.set(connection.name, connection);
    this.#all.push(connection);
  }

  /** The one that a step is about; throws a {@linkcode mistake} if an earlier step has closed it. */
  get({ connection: name, place }: OnConnection): Connection {
    const connection = this.#byName.get(name);
    if (connection === undefined) throw mistake(place, `${name} was never connected`);
    if (connection.state === "parted") throw mistake(place, `${name} was closed by a line above`);
    return connection;
  }

  /** Throws a {@linkcode mistake} if the name is in use. */
  mustBeFree({ connection: name, place }: OnConnection): void {
    if (this.#byName.get(name)?.state === "open") throw mistake(place, `${name} is connected already`);
  }

  /** Throws why a step does not come true if something was left on a connection, or it is closed unasked. */
  mustBeQuiet(step: Step, connection: Connection): void {
    if (connection.isForgotten) return;
    if (!connection.isQuiet) throw leftOver(step, connection);
    if (connection.state === "closed" && !connection.isCloseExpected) throw closedEarly(step, connection, "unasked");
  }

  /** The same for all that we have neither closed nor forgotten ourselves. Says whether there are any. */
  areQuiet(step: Step): boolean {
    const ours = this.#all.filter(({ state, isForgotten }) => state !== "parted" && !isForgotten);
    for (const connection of ours) this.mustBeQuiet(step, connection);
    return ours.length > 0;
  }

  /** `close`, `end`, `reset`, `forget`. */
  part(step: Part): void {
    const connection = this.get(step);
    if (step.kind === "forget") return connection.forget();
    this.mustBeQuiet(step, connection);
    if (step.kind === "end") connection.end();
    else connection.part(step.kind);
  }

  /** Closes those that are not to be kept open, and waits until the server has noticed, so that it is ready for the next fixture. */
  async close(server: ClosedServer, keep: (connection: Connection) => boolean): Promise<void> {
    await closeAll(this.#all.filter((connection) => !keep(connection)), server);
  }
}

/** What is known of a server whose connections are closed. */
export interface ClosedServer {
  /** The time. */
  readonly runtime: Runtime;
  /** How fast it is. */
  readonly roundTrips: RoundTripEstimator;
}

/** Closes connections, and waits until the server has noticed. */
export async function closeAll(
  connections: readonly Connection[],
  { runtime, roundTrips }: ClosedServer,
): Promise<void> {
  const open = connections.filter(({ isOpen }) => isOpen);
  for (const connection of connections) connection.part("close");
  let isLate = false;
  const timer = runtime.after(roundTrips.closingWindow, () => {
    isLate = true;
    for (const connection of connections) connection.part("drop");
  });
  await Promise.all(connections.map(({ gone }) => gone));
  timer.cancel();
  if (open.length > 0) roundTrips.closed(!isLate);
}
