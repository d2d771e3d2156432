/**
 * The option of `chat conform --record`.
 *
 * @module
 */

import { optional } from "@optique/core/modifiers";
import { fields } from "../../lib/cli/fields.ts";
import { address, type Kind } from "../../lib/cli/values.ts";
import type { Address } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { TargetSpec } from "../target_spec.ts";
import type { RecordOptions } from "./record.ts";

/** An address at which one can listen: port 0 takes any that is free. */
function listenAddress(): Kind<Address> {
  const anywhere = address();
  const free = /:0$/;
  return {
    ...anywhere,
    name: "HOST:PORT",
    example: { hostname: "127.0.0.1", port: 4100 },
    read: (input) => free.test(input) ? { ...anywhere.read(input.replace(free, ":1")), port: 0 } : anywhere.read(input),
  };
}

/** The option. */
export const RECORD = {
  record: optional(
    fields.setting(
      "--record",
      listenAddress(),
      "Stand between clients, who connect here, and the --target; write what they say as a transcript.",
    ),
  ),
};

/** What a recording is told besides. */
export interface GivenRecord {
  /** Where clients connect. */
  readonly record: Address;
  /** The servers. */
  readonly targets: readonly TargetSpec[];
  /** How long a step may take when it is played back, in milliseconds. */
  readonly timeout: number;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls: RecordOptions["tls"];
  /** Options that are for playing fixtures, by their names, and whether they were given. */
  readonly others: Readonly<Record<string, boolean>>;
}

/** Reads it; throws `usage` where something else is asked for as well. */
export function readRecord({ record, targets, timeout, tls, others }: GivenRecord): RecordOptions {
  const other = Object.entries(others).find(([, isGiven]) => isGiven)?.[0];
  if (other !== undefined) {
    throw new ChatError("usage", `--record plays no fixtures, it writes one: leave out ${other}`);
  }
  const [target, second] = targets;
  if (target === undefined || second !== undefined) {
    throw new ChatError(
      "usage",
      "--record stands between clients and one server that runs: say which, --target HOST:PORT",
    );
  }
  const { hostname, port } = record;
  if (port === undefined) {
    throw new ChatError("usage", `--record takes the port that clients connect to: --record ${hostname}:PORT`);
  }
  return { listen: { hostname, port }, target, timeout, tls };
}
