/**
 * The options of `chat conform --stress`.
 *
 * @module
 */

import { optional } from "@optique/core/modifiers";
import { fields } from "../../lib/cli/fields.ts";
import { count, duration, folder } from "../../lib/cli/values.ts";
import { ChatError } from "../../lib/core/error.ts";
import { faultList } from "../option_values.ts";
import { FAULT_KINDS, type FaultKind, SERVER_FAULTS } from "./faults.ts";
import type { StressRequest } from "./stress_target.ts";

const { setting } = fields;

/** How long what was found is made smaller, in milliseconds. */
const SHRINK = 30_000;

/** The options. */
export const STRESS = {
  stress: optional(
    setting("--stress", duration(), "Have many clients act at once for so long, and check what happened."),
  ),
  shrink: optional(
    setting(
      "--shrink",
      duration(),
      "How long what was found is made smaller: fewer users and messages; 30s by default.",
    ),
  ),
  writeFixture: optional(
    setting(
      "--write-fixture",
      folder(),
      "Write what was found as a fixture that fails each time, where the order of what happens can be forced.",
    ),
  ),
  users: optional(setting("--users", count("N", 1, 100_000), "How many users act at once; 16 by default.")),
  faults: optional(
    setting(
      "--faults",
      faultList(),
      `What is done to their connections and to the server, or none; all that can be by default: ${
        FAULT_KINDS.join(", ")
      }.`,
    ),
  ),
};

/** What they were given. */
export interface GivenStress {
  /** How long many act at once, in milliseconds. */
  readonly stress: number | undefined;
  /** How long what was found is made smaller, in milliseconds. */
  readonly shrink: number | undefined;
  /** Where what was found is written as fixtures. */
  readonly writeFixture: string | undefined;
  /** How many users there are. */
  readonly users: number | undefined;
  /** What is done to their connections, and to the server. */
  readonly faults: readonly FaultKind[] | undefined;
}

/** Reads them; throws `usage` where one of them is there without `--stress`, or cannot be. */
export function readStress(
  { stress: duration, users, faults, shrink, writeFixture }: GivenStress,
  isStarted: boolean,
): StressRequest | undefined {
  if (duration !== undefined) {
    return {
      duration,
      users: users ?? 16,
      faults: possible(faults, isStarted),
      areFaultsChosen: faults !== undefined,
      shrink: shrink ?? SHRINK,
      writeFixture,
    };
  }
  const given = { "--users": users, "--faults": faults, "--shrink": shrink, "--write-fixture": writeFixture };
  const used = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (used === undefined) return undefined;
  throw new ChatError("usage", `${used} is for many clients at once: say for how long with --stress TIME`);
}

/** The faults that are asked for, or else all that are possible: only a server that we have started can be stopped. */
function possible(faults: readonly FaultKind[] | undefined, isStarted: boolean): readonly FaultKind[] {
  const isServer = (kind: FaultKind) => SERVER_FAULTS.some((one) => one === kind);
  if (isStarted) return faults ?? FAULT_KINDS;
  const impossible = faults?.find(isServer);
  if (impossible === undefined) return faults ?? FAULT_KINDS.filter((kind) => !isServer(kind));
  throw new ChatError(
    "usage",
    `--faults ${impossible} stops the server for a moment: only one that --server-cmd starts can be stopped; leave it out`,
  );
}
