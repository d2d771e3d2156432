/**
 * Where a dialect listens.
 *
 * @module
 */

/** A port to listen on. */
export interface Port {
  /** The port; 0 for any that is free. */
  readonly port: number;
  /** Whether somebody named it, so that it must be this one; a default port that is taken is left out with a warning. */
  readonly asked: boolean;
}

/** A port, or not to listen at all. */
export type PortChoice = Port | "off";
