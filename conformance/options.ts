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
import { address, count, duration, file, folder, oneOf, word } from "../lib/cli/values.ts";
import { ChatError } from "../lib/core/error.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import type { ClientSpec } from "./client/client_target.ts";
import type { ConformOptions } from "./conform.ts";
import { dialectOrAuto, report, suiteVersion, target } from "./option_values.ts";
import { DETAILS } from "./reports/detail/detail_levels.ts";
import { readRecord, RECORD } from "./record/options.ts";
import type { RecordOptions } from "./record/record.ts";
import { REPORT_FORMATS } from "./reports/formats.ts";
import { type GivenStress, readStress, STRESS } from "./stress/options.ts";
import type { TargetSpec } from "./target_spec.ts";
import { type GivenWatch, readWatch, WATCH } from "./watch/options.ts";
import type { SelfTestOptions } from "./self_test/command.ts";
import { type GivenSubmissions, readSubmissions, SUBMISSIONS } from "./submissions/options.ts";
import type { SubmissionsOptions } from "./submissions/submissions.ts";

const { amount, flag, OPTIONS, plain, setting, time } = fields;

/** `chat conform`, understood. */
export type ConformCommand =
  | { readonly kind: "conform"; readonly options: ConformOptions }
  | { readonly kind: "explain"; readonly clause: string }
  | { readonly kind: "submissions"; readonly options: SubmissionsOptions }
  | { readonly kind: "record"; readonly options: RecordOptions }
  | { readonly kind: "self-test"; readonly options: SelfTestOptions };

const DIALECT_HELP = `What they speak: ${
  DIALECTS.map(({ name }) => name).join(", ")
}, or auto, the default, which finds it out.`;
const REPORT_HELP = `A report, and the file that it replaces: ${
  REPORT_FORMATS.join(", ")
}. May be repeated; text by default.`;

const RUN = object({
  targets: multiple(
    setting("--target", target(), "A server; without a port, its dialect's own. May be repeated."),
  ),
  dialect: withDefault(setting("--dialect", dialectOrAuto(), DIALECT_HELP), undefined),
  spread: flag(
    "--spread",
    "Spread the clients over all targets, which are one hub; otherwise each is played by itself.",
  ),
  strict: flag("--strict", "Fail on a should as on a must."),
  timeout: withDefault(setting("--timeout", duration(), "How long a step may take."), 5_000),
  jobs: withDefault(setting("--jobs", count("N", 1, 64), "How many fixtures are played side by side."), 8),
  maxTime: optional(
    setting("--max-time", duration(), "How long all of it may take; what is known by then is reported."),
  ),
  selfTest: flag("--self-test", "Test the fixtures themselves, with servers that are wrong on purpose."),
});

const SERVER = object({
  serverCommand: optional(
    setting("--server-cmd", word("COMMAND"), "Start the server, and stop it: 'python3 server.py {port}'."),
  ),
  fresh: flag("--fresh", "Start it anew for every fixture."),
  startTimeout: time("--start-timeout", 10_000, "How long it may take until it accepts connections."),
});

const CLIENT = object({
  clientCommand: optional(
    setting(
      "--client-cmd",
      word("COMMAND"),
      "Test a client, alone or with the server: 'python3 client.py {host} {port} {name}'.",
    ),
  ),
  clientInput: optional(setting("--client-input", word("TEXT"), "What is typed first: '{host}\\n{name}\\n'.")),
  listen: optional(
    setting("--listen", address(), "Where the client connects, if it has a port of its own; any free one by default."),
  ),
  pty: flag("--pty", "Give the client a terminal instead of pipes."),
});

const VARIETY = object({
  segmentation: flag("--segmentation", "Play it again with its bytes cut, joined, and sent one by one."),
  shuffle: flag("--shuffle", "Play the fixtures in a random order."),
  repeat: amount("--repeat", 1, 10_000, 1, "How often all is played."),
  stages: flag(
    "--stages",
    "Play it in the order in which such a program is written, and stop at the first stage that is not done.",
  ),
  failFast: flag("--fail-fast", "Stop at the first failure that counts."),
  noAccommodate: flag(
    "--no-accommodate",
    "Block what needs a clause that fails, also where it could be played otherwise.",
  ),
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
  fixtures: multiple(setting("--fixtures", folder(), "Fixtures of one's own, to be played as well. May be repeated.")),
  suite: optional(
    setting("--suite", suiteVersion(), "The version of the suite whose fixtures count; later ones are left out."),
  ),
  ownOnly: flag("--no-embedded", "Leave out the fixtures that come with the program."),
});

const INSTEAD = object({
  explain: optional(
    setting("--explain", word("CLAUSE"), "Say what a clause asks for, and what common faults look like."),
  ),
  list: flag("--list", "Say what would be played."),
  ...RECORD,
  writeGrading: flag("--write-grading", "Write what clauses are worth by default, to be changed."),
});

const OUTPUT = object({
  reports: multiple(
    setting("--report", report(), REPORT_HELP),
  ),
  verbose: flag("--verbose", "Show every failure in the text, also where there are many."),
  detail: withDefault(
    setting(
      "--detail",
      oneOf("DETAIL", "detail", DETAILS),
      "What reports tell: full, all; received, what came and which clause; none, titles and verdicts. Of one: FORMAT=FILE,detail=none.",
    ),
    "full",
  ),
  grading: optional(setting("--grading", file(), "What clauses are worth, in YAML.")),
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
        group("Again and again", object(WATCH)),
        group("Many at once", object(STRESS)),
        group("Server", SERVER),
        group("Client", CLIENT),
        group("Fixtures", SELECTION),
        group("Instead of playing", INSTEAD),
        group("Output", OUTPUT),
        group("Course", object({ course: object(SUBMISSIONS) })),
      ),
      conformCommand,
    ),
    {
      brief: plain("Say which clauses of its protocol a server keeps."),
      footer: plain(
        "Exit status: 0 it conforms, 1 it does not, 2 wrong usage or a broken fixture, 3 it cannot be reached, " +
          "4 nothing was selected; broken off by a signal, 128 and its number. Of a course: 0 once all are marked.",
      ),
      usageLine: [OPTIONS],
    },
  ),
};

function conformCommand(
  {
    targets: servers,
    dialect,
    ownOnly,
    selfTest,
    tls,
    caFile,
    insecure,
    clientCommand,
    clientInput,
    listen,
    pty,
    stress,
    users,
    faults,
    shrink,
    writeFixture,
    watch,
    watchPaths,
    course,
    record,
    ...options
  }:
    & InferValue<typeof RUN>
    & TrustOptions
    & InferValue<typeof VARIETY>
    & GivenWatch
    & GivenStress
    & InferValue<typeof SERVER>
    & InferValue<typeof CLIENT>
    & InferValue<typeof SELECTION>
    & InferValue<typeof INSTEAD>
    & InferValue<typeof OUTPUT>
    & { readonly course: GivenSubmissions },
): ConformCommand {
  if (options.explain !== undefined) return { kind: "explain", clause: options.explain };
  if (record !== undefined) {
    const { reports, expect, writeExpect, reproduce, serverCommand, list, writeGrading, stages, filters, spread } =
      options;
    const recorded = readRecord({
      record,
      targets: servers.map((server) => ({ ...server, dialect: server.dialect ?? dialect })),
      timeout: options.timeout,
      tls: trust({ tls, caFile, insecure }),
      others: {
        "--self-test": selfTest,
        "--server-cmd": serverCommand !== undefined,
        "--client-cmd": clientCommand !== undefined,
        "--submissions": course.submissions !== undefined,
        "--watch": watch,
        "--stress": stress !== undefined,
        "--stages": stages,
        "--spread": spread,
        "--filter": filters.length > 0,
        "--list": list,
        "--report": reports.length > 0,
        "--write-grading": writeGrading,
        "--expect": expect !== undefined,
        "--write-expect": writeExpect !== undefined,
        "--reproduce": reproduce !== undefined,
      },
    });
    return { kind: "record", options: recorded };
  }
  if (selfTest) {
    if (options.spread) throw new ChatError("usage", "--self-test brings its own servers: leave out --spread");
    if (servers.length > 0 || (options.serverCommand ?? clientCommand) !== undefined) {
      throw new ChatError("usage", "--self-test brings its own: leave out --target, --server-cmd and --client-cmd");
    }
    const dialects = dialect === undefined ? undefined : [dialect];
    return { kind: "self-test", options: { filters: options.filters, dialects, seed: options.seed } };
  }
  const targets = servers.map((server) => ({ ...server, dialect: server.dialect ?? dialect }));
  // A server that is started listens where it is told to.
  if (options.serverCommand !== undefined && targets.length === 0) {
    // Where it meets a client that has a port of its own, if there is one.
    targets.push({ dialect, ...listen ?? { hostname: "127.0.0.1" } });
  }
  if (options.serverCommand === undefined && options.fresh) {
    throw new ChatError("usage", "--fresh starts a server again: say how with --server-cmd COMMAND");
  }
  checkSpread(options.spread, targets, options.serverCommand !== undefined, clientCommand !== undefined);
  const client = readClient({ clientCommand, clientInput, listen, pty }, dialect);
  if (client !== undefined) checkBothSides(client, targets, options.serverCommand);
  if (client !== undefined && tls) {
    throw new ChatError("usage", "a client that is tested speaks without TLS: leave out --tls");
  }
  const isOne = course.submissions === undefined;
  if (isOne && targets.length === 0 && client === undefined && !options.list && !options.writeGrading) {
    throw new ChatError(
      "usage",
      "say which server: chat conform --target HOST:PORT, or which client: --client-cmd COMMAND; see chat conform --help",
    );
  }
  const many = readStress({ stress, users, faults, shrink, writeFixture }, options.serverCommand !== undefined);
  if (many !== undefined && client !== undefined && options.serverCommand === undefined) {
    throw new ChatError("usage", "--stress has many clients act against a server: leave it out with --client-cmd");
  }
  const { reports, expect, writeExpect, reproduce } = options;
  if (options.list && (reports.length > 0 || (expect ?? writeExpect ?? reproduce) !== undefined)) {
    throw new ChatError("usage", "--list plays nothing: leave out --report, --expect, --write-expect and --reproduce");
  }
  if (expect !== undefined && writeExpect !== undefined) {
    throw new ChatError("usage", "--expect and --write-expect exclude each other: compare first, then write");
  }
  const isStarted = options.serverCommand !== undefined || client !== undefined;
  const watched = readWatch({ watch, watchPaths, ...course }, isStarted, many !== undefined, options);
  const conform: ConformOptions = {
    ...options,
    ...watched && { watch: watched },
    targets,
    dialect,
    client,
    embedded: !ownOnly,
    stress: many,
    tls: trust({ tls, caFile, insecure }),
  };
  // What is watched may have to be built as well.
  const forCourse = watched === undefined ? course : { ...course, buildCommand: undefined, buildTimeout: undefined };
  const marked = readSubmissions(forCourse, conform);
  return marked === undefined ? { kind: "conform", options: conform } : { kind: "submissions", options: marked };
}

/** Clients are spread over servers that are there and speak one dialect. */
function checkSpread(isAsked: boolean, targets: readonly TargetSpec[], isStarted: boolean, hasClient: boolean): void {
  if (!isAsked) return;
  const dialects = new Set(targets.map(({ dialect }) => dialect));
  const places = new Set(targets.map(({ hostname, port }) => `${hostname}:${port}`));
  const wrong = isStarted || hasClient
    ? "--spread is for servers that are one hub and run already: leave out --server-cmd and --client-cmd"
    : targets.length < 2
    ? "--spread needs several servers of one hub: name each with a --target of its own"
    : dialects.size > 1
    ? `--spread has one client on one server and the next on another: they must speak the same, and not ${
      [...dialects].map((dialect) => dialect ?? "something that is to be found out").join(" and ")
    }`
    : places.size < targets.length
    ? "--spread needs another server in each --target: two of them are the same"
    : undefined;
  if (wrong !== undefined) throw new ChatError("usage", wrong);
}

/** A client is tested alone, or with the server that it is to meet. */
function checkBothSides(
  { dialect, listen }: ClientSpec,
  targets: readonly TargetSpec[],
  serverCommand: string | undefined,
): void {
  if (targets.length === 0) return;
  const [target] = targets;
  const wrong = serverCommand === undefined
    ? "we play the server to a client: leave out --target, or say with --server-cmd how yours is started, to have both meet"
    : targets.length > 1
    ? "one client meets one server: name one --target"
    : target!.dialect !== dialect
    ? `the client speaks ${dialect} and the server ${target!.dialect}: they must speak the same to meet`
    : listen !== undefined && target!.port !== undefined && target!.port !== listen.port
    ? `the client connects to port ${listen.port} (--listen) and the server listens on ${
      target!.port
    } (--target): they must meet`
    : undefined;
  if (wrong !== undefined) throw new ChatError("usage", wrong);
}

function readClient(
  { clientCommand: command, clientInput: input, listen, pty }: InferValue<typeof CLIENT>,
  dialect: string | undefined,
): ClientSpec | undefined {
  if (command === undefined) {
    const used = input !== undefined ? "--client-input" : listen !== undefined ? "--listen" : pty ? "--pty" : undefined;
    if (used !== undefined) {
      throw new ChatError("usage", `${used} is for a client: say which with --client-cmd COMMAND`);
    }
    return undefined;
  }
  if (dialect === undefined) {
    throw new ChatError("usage", "a client waits for its server to speak: say what it speaks with --dialect NAME");
  }
  if (listen !== undefined && listen.port === undefined) {
    throw new ChatError("usage", "--listen takes the port that the client connects to: --listen HOST:PORT");
  }
  return {
    dialect,
    command,
    input,
    listen: listen && { hostname: listen.hostname, port: listen.port! },
    hasTerminal: pty,
  };
}
