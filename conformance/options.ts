/**
 * The options of `chat conform`.
 *
 * @module
 */

import { group, merge, object } from "@optique/core/constructs";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { command } from "@optique/core/primitives";
import { fields } from "../lib/cli/fields.ts";
import { TRUST, trust, type TrustOptions } from "../lib/cli/trust.ts";
import { count, duration, file, folder, word } from "../lib/cli/values.ts";
import { ChatError } from "../lib/core/error.ts";
import type { ConformOptions } from "./conform.ts";
import { dialectOrAuto, report, target } from "./option_values.ts";
import type { SelfTestOptions } from "./self_test/command.ts";

const { amount, flag, OPTIONS, plain, setting, time } = fields;

/** `chat conform`, understood. */
export type ConformCommand =
  | { readonly kind: "conform"; readonly options: ConformOptions }
  | { readonly kind: "self-test"; readonly options: SelfTestOptions };

const RUN = object({
  targets: multiple(
    setting("--target", target(), "A server; without a port, its dialect's own. May be repeated."),
  ),
  dialect: withDefault(setting("--dialect", dialectOrAuto(), "What they speak; auto finds it out."), undefined),
  strict: flag("--strict", "Fail on a should as on a must."),
  timeout: withDefault(setting("--timeout", duration(), "How long a step may take."), 5_000),
  jobs: withDefault(setting("--jobs", count("N", 1, 64), "How many fixtures are played side by side."), 8),
  selfTest: flag("--self-test", "Test the fixtures themselves, with servers that are wrong on purpose."),
});

const SERVER = object({
  serverCommand: optional(
    setting("--server-cmd", word("COMMAND"), "Start the server, and stop it: 'python3 server.py {port}'."),
  ),
  fresh: flag("--fresh", "Start it anew for every fixture."),
  startTimeout: time("--start-timeout", 10_000, "How long it may take until it accepts connections."),
});

const VARIETY = object({
  segmentation: flag("--segmentation", "Play it again with its bytes cut, joined, and sent one by one."),
  shuffle: flag("--shuffle", "Play the fixtures in a random order."),
  repeat: amount("--repeat", 1, 10_000, 1, "How often all is played."),
  failFast: flag("--fail-fast", "Stop at the first failure that counts."),
  seed: optional(setting("--seed", count("N", 0, 0xffff_ffff), "What chance begins with, to repeat a run.")),
});

const SELECTION = object({
  filters: multiple(
    setting(
      "--filter",
      word("GLOB"),
      "Only fixtures whose clause or file matches, like relay/send-*. May be repeated.",
    ),
  ),
  list: flag("--list", "Say what would be played, and play nothing."),
  fixtures: multiple(setting("--fixtures", folder(), "Fixtures of one's own, to be played as well. May be repeated.")),
  ownOnly: flag("--no-embedded", "Leave out the fixtures that come with the program."),
});

const OUTPUT = object({
  reports: multiple(
    setting("--report", report(), "A report, and the file that it replaces. May be repeated; text by default."),
  ),
  expect: optional(
    setting("--expect", file(), "Known failures: fail for new ones, and for listed ones that are none."),
  ),
  writeExpect: optional(setting("--write-expect", file(), "Write the failures down as known, comments are kept.")),
  reproduce: optional(setting("--reproduce", folder(), "Write a Python script for each failure that plays it again.")),
});

/** The parser of `chat conform`. */
export const CONFORM = {
  conform: command(
    "conform",
    map(
      merge(
        group("Run", RUN),
        group("TLS", object(TRUST)),
        group("Variety", VARIETY),
        group("Server", SERVER),
        group("Fixtures", SELECTION),
        group("Output", OUTPUT),
      ),
      conformCommand,
    ),
    {
      brief: plain("Say which clauses of its protocol a server keeps."),
      footer: plain(
        "Exit status: 0 it conforms, 1 it does not, 2 wrong usage or a broken fixture, 3 it cannot be reached, " +
          "4 nothing was selected; broken off by a signal, 128 and its number.",
      ),
      usageLine: [OPTIONS],
    },
  ),
};

function conformCommand(
  { targets: servers, dialect, ownOnly, selfTest, tls, caFile, insecure, ...options }:
    & InferValue<typeof RUN>
    & TrustOptions
    & InferValue<typeof VARIETY>
    & InferValue<typeof SERVER>
    & InferValue<typeof SELECTION>
    & InferValue<typeof OUTPUT>,
): ConformCommand {
  if (selfTest) {
    if (servers.length > 0 || options.serverCommand !== undefined) {
      throw new ChatError("usage", "--self-test brings its own servers: leave out --target and --server-cmd");
    }
    return { kind: "self-test", options: { filters: options.filters } };
  }
  const targets = servers.map((server) => ({ ...server, dialect: server.dialect ?? dialect }));
  // A server that is started listens where it is told to.
  if (options.serverCommand !== undefined && targets.length === 0) targets.push({ dialect, hostname: "127.0.0.1" });
  if (options.serverCommand === undefined && options.fresh) {
    throw new ChatError("usage", "--fresh starts a server again: say how with --server-cmd COMMAND");
  }
  if (targets.length === 0 && !options.list) {
    throw new ChatError("usage", "say which server: chat conform --target HOST:PORT; see chat conform --help");
  }
  const { reports, expect, writeExpect, reproduce } = options;
  if (options.list && (reports.length > 0 || (expect ?? writeExpect ?? reproduce) !== undefined)) {
    throw new ChatError("usage", "--list plays nothing: leave out --report, --expect, --write-expect and --reproduce");
  }
  if (expect !== undefined && writeExpect !== undefined) {
    throw new ChatError("usage", "--expect and --write-expect exclude each other: compare first, then write");
  }
  return {
    kind: "conform",
    options: { ...options, targets, embedded: !ownOnly, tls: trust({ tls, caFile, insecure }) },
  };
}
