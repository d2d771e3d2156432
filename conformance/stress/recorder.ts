/**
 * Writes a history while it happens.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";
import type { FaultKind } from "./faults.ts";
import type { Arrival, Claim, GroupOperation, HistoryFault, Life, OperationHistory, Sending } from "./history.ts";

/** Moments are so far apart at least, in milliseconds: a nanosecond. */
const APART = 1e-6;

/** The history of a run that goes on. */
export class Recorder implements OperationHistory {
  readonly lives: Life[] = [];
  readonly claims: Claim[] = [];
  readonly sendings: Sending[] = [];
  readonly arrivals: Arrival[] = [];
  readonly groupOperations: GroupOperation[] = [];
  readonly freezes: HistoryFault[] = [];
  settling: number = Infinity;
  end: number = Infinity;
  readonly #runtime: Runtime;
  readonly #started: number;
  #last = 0;

  constructor(
    runtime: Runtime,
    readonly hasAcknowledgements: boolean,
    readonly isConnectionless: boolean = false,
  ) {
    this.#runtime = runtime;
    this.#started = runtime.now();
  }

  /** How long the run has taken so far, in milliseconds. */
  get elapsed(): number {
    return this.#runtime.now() - this.#started;
  }

  /** A moment later than all before. */
  moment(): number {
    return this.#last = Math.max(this.elapsed, this.#last + APART);
  }

  /** A client begins to connect. */
  come(user: number, name: string): Life {
    const life: Life = { id: this.lives.length, user, name, begin: this.moment(), faults: [] };
    this.lives.push(life);
    return life;
  }

  /** It asks for a name. */
  claim({ id: life }: Life, key: string): Claim {
    const claim: Claim = { key, life, begin: this.moment(), outcome: "info" };
    this.claims.push(claim);
    return claim;
  }

  /** It sends a message. */
  send({ id: life }: Life, to: string | undefined, size: number, group?: string): Sending {
    const id = this.sendings.length;
    const whom = { ...to !== undefined && { to }, ...group !== undefined && { group } };
    const sending: Sending = { id, life, ...whom, size, begin: this.moment(), outcome: "info" };
    this.sendings.push(sending);
    return sending;
  }

  /** It gets one. */
  arrive({ id: life }: Life, what: Pick<Arrival, "from" | "sending" | "garbled">): Arrival {
    const arrival: Arrival = { life, at: this.moment(), ...what };
    this.arrivals.push(arrival);
    return arrival;
  }

  /** It joins a group, leaves it, or asks who its members are. */
  ask({ id: life }: Life, kind: GroupOperation["kind"], group: string): GroupOperation {
    const operation: GroupOperation = { life, kind, group, begin: this.moment(), outcome: "info" };
    this.groupOperations.push(operation);
    return operation;
  }

  /** The server is stopped; it goes on at the `end` that the caller gives it. */
  freeze(): HistoryFault {
    const fault: HistoryFault = { kind: "freeze", begin: this.moment() };
    this.freezes.push(fault);
    return fault;
  }

  /** Something is done to its connections. */
  fault(life: Life, kind: FaultKind): HistoryFault {
    const fault: HistoryFault = { kind, begin: this.moment() };
    life.faults.push(fault);
    return fault;
  }
}
