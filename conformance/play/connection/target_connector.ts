/**
 * What all fixtures of a target share: how to connect to it, and what is known of it.
 *
 * @module
 */

import type { HalfClosingLink } from "../../../lib/core/link.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";
import type { DatagramConventions } from "../../fixtures/recognition.ts";
import type { DatagramLink } from "./datagram_link.ts";
import type { Connection } from "./connection.ts";
import type { Admitted } from "./connection_pacer.ts";
import type { FreshNames } from "../names.ts";
import type { StepPatience } from "../step_patience.ts";
import type { RoundTripEstimator } from "../round_trip_estimator.ts";

/** What all fixtures that are played against one target share. */
export interface TargetConnector {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How fast the target is. */
  readonly roundTrips: RoundTripEstimator;
  /** Fresh names. */
  readonly names: FreshNames;
  /**
   * Opens a connection to the target, within so many milliseconds. Throws an `unreachable` error, or what the signal was
   * aborted with.
   *
   * @param canReset whether it must be possible to reset the connection.
   * @param turn of which of its servers, where the target is several: they have their turns one after the other.
   */
  dial(timeout: number, signal: AbortSignal, canReset: boolean, turn?: number): Promise<HalfClosingLink>;
  /** Waits until the target has room for another connection that it has not accepted yet; none waits where it is left out. */
  admit?(signal: AbortSignal): Promise<Admitted>;
  /** Opens a port for datagrams to the target, within so many milliseconds. As {@linkcode TargetConnector.dial}. */
  openPort(
    conventions: DatagramConventions,
    timeout: number,
    signal: AbortSignal,
    turn?: number,
  ): Promise<DatagramLink>;
  /** Keeps a connection open when its fixture is over, where nobody is to leave before the end. Says whether it does. */
  keep?(connection: Connection): boolean;
  /** What the run knows of waiting in vain; each step is waited for as long as it may take where it is left out. */
  readonly patience?: StepPatience | undefined;
  /** Settles when the server has ended, where nothing that is waited for tells: no connection is closed with it. */
  readonly ended?: Promise<void> | undefined;
  /** Lets others have a turn while something takes as long as a server takes to lose patience. */
  whilePatient<T>(waiting: Promise<T>): Promise<T>;
}

/**
 * The same connector with another deadline, for a fixture whose patience this is.
 *
 * @param first whose turn it is at first, where the target is several servers.
 */
export function withTimeout(
  connector: TargetConnector,
  timeout: number,
  patience?: StepPatience,
  first = 0,
): TargetConnector {
  let turn = first;
  return {
    timeout,
    patience,
    ended: connector.ended,
    runtime: connector.runtime,
    roundTrips: connector.roundTrips,
    names: connector.names,
    dial: (timeout, signal, canReset) => connector.dial(timeout, signal, canReset, turn++),
    ...(connector.admit === undefined ? {} : { admit: (signal) => connector.admit!(signal) }),
    openPort: (conventions, timeout, signal) => connector.openPort(conventions, timeout, signal, turn++),
    keep: (connection) => connector.keep?.(connection) ?? false,
    whilePatient: (waiting) => connector.whilePatient(waiting),
  };
}
