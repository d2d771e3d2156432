/**
 * The commands and their options, each with its default and a line of help.
 *
 * @module
 */

import { group, merge, object } from "@optique/core/constructs";
import { type Message, text } from "@optique/core/message";
import { type FluentParser, map, multiple, optional, withDefault } from "@optique/core/modifiers";
import { ensureNonEmptyString } from "@optique/core/nonempty";
import type { InferValue } from "@optique/core/parser";
import { argument, command, option } from "@optique/core/primitives";
import type { OptionName, UsageTerm } from "@optique/core/usage";
import type { ValueParser } from "@optique/core/valueparser";
import type { ConformOptions } from "../../conformance/conform.ts";
import type { SelfTestOptions } from "../../conformance/self_test/command.ts";
import { ChatError } from "../core/error.ts";
import type { ConnectOptions } from "../client/connect.ts";
import type { RetiredOption, ServerPort } from "../dialects/dialect.ts";
import { DIALECTS, findDialect, serverPorts } from "../dialects/registry.ts";
import type { PortChoice } from "../server/ports.ts";
import type { ServeOptions } from "../server/serve.ts";
import {
  address,
  clockFormat,
  count,
  dialectName,
  dialectOrAuto,
  duration,
  file,
  folder,
  type Kind,
  oneOf,
  ownPort,
  portOrOff,
  report,
  target,
  word,
} from "./values.ts";

/** A command, with all of its options. */
export type Command =
  | { readonly kind: "serve"; readonly options: ServeOptions }
  | { readonly kind: "connect"; readonly options: ConnectOptions }
  | { readonly kind: "conform"; readonly options: ConformOptions }
  | { readonly kind: "self-test"; readonly options: SelfTestOptions };

/** What a message's header may add to it, in bytes: it must fit, with its header, into the queue of its recipient's socket. */
const HEADER_ROOM = 1_024;
/** The longest queue that a socket may have, in bytes. */
const LONGEST_QUEUE = 1 << 30;

const PORTS = object({
  host: withDefault(setting("--host", word("HOST"), "The address to listen on."), "127.0.0.1"),
  ports: object(byOption(DIALECTS.flatMap(serverPorts), serverPort)),
});

const ADMISSION = object({
  maxConnections: amount("--max-connections", 1, 1_000_000, 10_000, "How many connections there may be."),
  maxPerAddress: amount(
    "--max-per-address",
    1,
    1_000_000,
    200,
    "How many connections there may be from one address, or one IPv6 network of 64 bits.",
  ),
  connectRate: amount("--connect-rate", 1, 1_000_000, 50, "How many connections an address may make in a second."),
  limitLoopback: flag("--limit-loopback", "Hold this machine's own addresses to the limits for an address too."),
  unprovenBudget: amount(
    "--unproven-budget",
    1_024,
    LONGEST_QUEUE,
    16 * 1_024,
    "How many bytes a second clients of datagrams get, all together, that have acknowledged nothing and are on no network of this machine's.",
  ),
  allow: multiple(
    setting("--allow", word("NETWORK"), "Who may connect: ADDRESS/BITS, or @FILE with one a line. May be repeated."),
  ),
  deny: multiple(setting("--deny", word("NETWORK"), "Who may not, even if allowed. SIGHUP has a @FILE read again.")),
});

const LIMITS = object({
  registrationTimeout: time("--register-timeout", 20_000, "How long a peer may take to say who it is."),
  messageTimeout: time("--message-timeout", 30_000, "How long a message may take from its first byte to its last."),
  idleTimeout: optional(setting("--idle-timeout", duration(), "How long a peer may say nothing; for ever by default.")),
  writeTimeout: time("--write-timeout", 10_000, "How long a peer may take nothing of what is written to it."),
  maxQueue: amount("--max-queue", 4_096, LONGEST_QUEUE, 1 << 20, "How many bytes may wait to be written to a peer."),
  maxQueued: amount(
    "--max-queued",
    1 << 20,
    2 ** 40,
    256 * 2 ** 20,
    "How many bytes may wait to be written to all peers together.",
  ),
  rate: amount("--rate", 1, 10_000_000, 10_000, "How many messages a second are read of a peer."),
  broadcastRate: amount(
    "--broadcast-rate",
    1,
    100_000_000,
    10_000,
    "How many deliveries a second the broadcasts of a peer may cost.",
  ),
  drainTimeout: time("--drain-timeout", 10_000, "How long a shutdown may take."),
});

const DELIVERY = object({
  ackTimeout: withDefault(
    setting("--ack-timeout", duration(), "How long a recipient may take to acknowledge a message."),
    5_000,
  ),
  maxMessage: withDefault(
    setting("--max-message", count("BYTES", 1, LONGEST_QUEUE - HEADER_ROOM), "The largest body, in bytes."),
    65_536,
  ),
  retired: object(byOption(DIALECTS.flatMap(({ retiredOption }) => retiredOption ?? []), retiredOption)),
});

const CERTIFICATE = object({
  certFile: optional(setting("--tls-cert", file(), "Speak TLS over TCP: the certificate chain, in PEM.")),
  keyFile: optional(setting("--tls-key", file(), "The private key for it, in PEM. SIGHUP has both read again.")),
});

const TRUST = object({
  tls: flag("--tls", "Speak TLS."),
  caFile: optional(
    setting("--ca", file(), "Whom to trust besides the authorities that are known: certificates in PEM."),
  ),
  insecure: flag("--insecure", "Trust any certificate. For trying things out."),
});

const LOG = object({
  logLevel: withDefault(
    setting(
      "--log-level",
      oneOf("LEVEL", "log level", ["debug", "info", "warning", "error"]),
      "The least that is logged, on standard error. Message bodies never are.",
    ),
    "info",
  ),
  logFormat: withDefault(
    setting("--log-format", oneOf("FORMAT", "log format", ["text", "json"]), "How a line of the log looks."),
    "text",
  ),
});

const TABLE = object({
  table: flag("--table", "Print who is present, with their IDs, whenever that changes; otherwise on SIGUSR1."),
});

const CONNECT = object({
  name: optional(argument(valueParser(word("NAME")), { description: plain("The name to go by.") })),
  server: optional(setting("--server", address(), "The server; without a port, the dialect's own.")),
  dialect: dialect(),
  messageLogs: object(byOption(
    DIALECTS.flatMap(({ messageLog }) => messageLog ?? []),
    ({ option, help }) => optional(setting(`--${option}`, folder(), help)),
  )),
  clientPorts: object(byOption(
    DIALECTS.flatMap((dialect) => dialect.transport === "udp" ? dialect.clientPort : []),
    ({ option, help }) => withDefault(setting(`--${option}`, ownPort(), help), 0),
  )),
});

const LOOK = object({
  time: optional(
    setting(
      "--time",
      clockFormat(),
      "How the time is written, as strftime has it, or off; %H:%M in a terminal by default.",
    ),
  ),
  color: withDefault(
    setting("--color", oneOf("WHEN", "answer", ["auto", "always", "never"]), "Colours: auto heeds NO_COLOR."),
    "auto",
  ),
  bell: flag("--bell", "Ring for messages that are not known to be for everybody."),
  json: flag("--json", "Print each event as a line of JSON, and in a pipe take messages as JSON too."),
});

const STAYING = object({
  noHistory: flag("--no-history", "Keep no lines for the next time, and bring back none."),
  noReconnect: flag("--no-reconnect", "End when the connection is lost."),
  wait: amount("--wait", 0, 1_000_000, 0, "How many seconds a script goes on listening at its end."),
});

const CONFORM = object({
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

const OPTIONS: UsageTerm = { type: "literal", value: "[OPTION...]" };
const NAME: UsageTerm = { type: "literal", value: "[NAME]" };

/** The parsers of the commands, by name. */
export const COMMANDS = {
  /** `chat serve` */
  serve: command(
    "serve",
    map(
      merge(
        group("Where", PORTS),
        group("Delivery", DELIVERY),
        group("Admission", ADMISSION),
        group("Limits", LIMITS),
        group("TLS", CERTIFICATE),
        group("Log", merge(LOG, TABLE)),
      ),
      serveCommand,
    ),
    {
      brief: plain("Run a server: one hub, a port for each dialect."),
      footer: plain("A TIME has a unit: 500ms, 5s, 1.5m, 1h."),
      usageLine: [OPTIONS],
    },
  ),
  /** `chat connect` */
  connect: command(
    "connect",
    map(
      merge(group("Who", CONNECT), group("TLS", TRUST), group("Look", LOOK), group("Staying", STAYING)),
      connectCommand,
    ),
    {
      brief: plain("Talk to a server, ours or anybody else's."),
      footer: plain(
        "What is missing is asked for. In a pipe each line is a message, and exit status 0 says that all were delivered.",
      ),
      usageLine: [NAME, OPTIONS],
    },
  ),
  /** `chat conform` */
  conform: command(
    "conform",
    map(
      merge(
        group("Run", CONFORM),
        group("TLS", TRUST),
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

function serveCommand(
  { certFile, keyFile, ...options }: ServeOptions & InferValue<typeof CERTIFICATE>,
): Command {
  const { maxMessage, maxQueue } = options;
  if (maxMessage + HEADER_ROOM > maxQueue) {
    const room = `--max-message ${maxMessage} does not fit into --max-queue ${maxQueue}`;
    throw new ChatError("usage", `${room}: choose a queue of at least ${maxMessage + HEADER_ROOM}`);
  }
  if (certFile === undefined && keyFile === undefined) return { kind: "serve", options };
  if (certFile !== undefined && keyFile !== undefined) {
    return { kind: "serve", options: { ...options, tls: { certFile, keyFile } } };
  }
  throw new ChatError("usage", "--tls-cert and --tls-key go together: give the certificate and its key");
}

/** Whom to trust, if TLS is to be spoken. */
function trust({ tls, caFile, insecure }: InferValue<typeof TRUST>): ConnectOptions["tls"] {
  if (tls) return { caFile, insecure };
  if (caFile === undefined && !insecure) return undefined;
  throw new ChatError("usage", "--ca and --insecure say whom to trust with --tls: add it");
}

function connectCommand(
  {
    time,
    color,
    bell,
    json,
    noHistory,
    noReconnect,
    wait,
    tls,
    caFile,
    insecure,
    messageLogs,
    clientPorts,
    ...options
  }:
    & InferValue<typeof CONNECT>
    & InferValue<typeof TRUST>
    & InferValue<typeof LOOK>
    & InferValue<typeof STAYING>,
): Command {
  const look = { time, color, bell, json };
  const staying = { history: !noHistory, reconnect: !noReconnect, wait: wait * 1_000 };
  const entry = findDialect(options.dialect);
  const own = {
    messageLogDir: messageLogs[entry?.messageLog?.option ?? ""],
    clientPort: entry?.transport === "udp" ? clientPorts[entry.clientPort.option] : undefined,
  };
  return { kind: "connect", options: { ...options, ...own, ...staying, tls: trust({ tls, caFile, insecure }), look } };
}

function conformCommand(
  { targets: servers, dialect, ownOnly, selfTest, tls, caFile, insecure, ...options }:
    & InferValue<typeof CONFORM>
    & InferValue<typeof TRUST>
    & InferValue<typeof VARIETY>
    & InferValue<typeof SERVER>
    & InferValue<typeof SELECTION>
    & InferValue<typeof OUTPUT>,
): Command {
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

/** A parser for each entry of a list, by the options without their dashes. */
function byOption<E extends { readonly option: string }, T>(
  entries: readonly E[],
  parser: (entry: E) => FluentParser<"sync", T, unknown>,
): Readonly<Record<string, FluentParser<"sync", T, unknown>>> {
  return Object.fromEntries(entries.map((entry) => [entry.option, parser(entry)]));
}

/** The option for a port of a dialect: its default port, if it has one, unless another one is asked for. */
function serverPort({ option, help, defaultPort }: ServerPort): FluentParser<"sync", PortChoice, unknown> {
  const port = setting(`--${option}`, portOrOff(), help);
  return withDefault(port, defaultPort === undefined ? "off" : { port: defaultPort, asked: false });
}

function retiredOption(retired: RetiredOption): FluentParser<"sync", string | undefined, unknown> {
  return optional(option(`--${retired.option}`, valueParser(oneOf("WORD", "word", retired.words)), { hidden: true }));
}

function dialect(): FluentParser<"sync", string, unknown> {
  return withDefault(setting("--dialect", dialectName(), "What the server speaks."), DIALECTS[0].name);
}

/** An option that takes a whole number. */
function amount(
  name: OptionName,
  least: number,
  most: number,
  otherwise: number,
  help: string,
): FluentParser<"sync", number, unknown> {
  return withDefault(setting(name, count("N", least, most), help), otherwise);
}

/** An option that takes a duration. */
function time(name: OptionName, otherwise: number, help: string): FluentParser<"sync", number, unknown> {
  return withDefault(setting(name, duration(), help), otherwise);
}

/** An option that takes a value. */
function setting<T>(name: OptionName, kind: Kind<T>, help: string): FluentParser<"sync", T, unknown> {
  return option(name, valueParser(kind), { description: plain(help) });
}

/** An option that takes none. */
function flag(name: OptionName, help: string): FluentParser<"sync", boolean, unknown> {
  return option(name, { description: plain(help) });
}

function plain(words: string): Message {
  return [text(words)];
}

function valueParser<T>({ name, example, read, show, offers }: Kind<T>): ValueParser<"sync", T> {
  ensureNonEmptyString(name);
  return {
    mode: "sync",
    metavar: name,
    placeholder: example,
    parse(input) {
      try {
        return { success: true, value: read(input) };
      } catch (error) {
        if (error instanceof ChatError) return { success: false, error: plain(error.message) };
        throw error;
      }
    },
    format: show,
    *suggest(prefix) {
      if (offers === "folders") yield { kind: "file", type: "directory", pattern: prefix };
      else if (offers === "files") yield { kind: "file", type: "file", pattern: prefix };
      else for (const word of offers ?? []) if (word.startsWith(prefix)) yield { kind: "literal", text: word };
    },
  };
}
