/**
 * The options of `chat serve`.
 *
 * @module
 */

import { group, merge, object } from "@optique/core/constructs";
import { type FluentParser, map, multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { command, option } from "@optique/core/primitives";
import { fields } from "../cli/fields.ts";
import { count, duration, file, oneOf, word } from "../cli/values.ts";
import { ChatError } from "../core/error.ts";
import type { RetiredOption, ServerPort } from "../dialects/dialect.ts";
import { DIALECTS, serverPorts } from "../dialects/registry.ts";
import { clusterChoice, type ClusterOptions, leaseTime, natsName, natsServers } from "./cluster_options.ts";
import type { AdminPlace } from "./admin/admin_place.ts";
import { adminPlace } from "./admin/admin_place_value.ts";
import { webOrigin } from "./origin_value.ts";
import { portOrOff } from "./port_value.ts";
import type { PortChoice } from "./ports.ts";
import type { AdminChoice } from "./admin/admin.ts";
import type { ServeOptions } from "./serve.ts";

const { amount, byOption, flag, OPTIONS, plain, setting, time, valueParser } = fields;

/** `chat serve`, understood. */
export interface ServeCommand {
  /** Tells it from the other commands. */
  readonly kind: "serve";
  /** Its options. */
  readonly options: ServeOptions;
}

/** What a message's header may add to it, in bytes: it must fit, with its header, into the queue of its recipient's socket. */
const HEADER_ROOM = 1_024;
/** The longest queue that a socket may have, in bytes. */
const LONGEST_QUEUE = 1 << 30;

const PORTS = object({
  host: withDefault(setting("--host", word("HOST"), "The address to listen on."), "127.0.0.1"),
  ports: object(byOption(DIALECTS.flatMap(serverPorts), serverPort)),
  webOrigins: multiple(
    setting(
      "--web-origin",
      webOrigin(),
      "Whose pages may connect besides the server's own, and under which names it is reached. May be repeated.",
    ),
  ),
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

const CERTIFICATE = object({
  certFile: optional(setting("--tls-cert", file(), "Speak TLS over TCP: the certificate chain, in PEM.")),
  keyFile: optional(
    setting(
      "--tls-key",
      file(),
      "The private key for it, in PEM. Both are read again when they are written, and on SIGHUP.",
    ),
  ),
});

const CLUSTER = object({
  nats: optional(
    setting(
      "--nats",
      natsServers(),
      "Be one hub with all servers of this NATS: nats://HOST:PORT or tls://, with commas between.",
    ),
  ),
  natsCreds: optional(setting("--nats-creds", file(), "The credentials for NATS, a .creds file.")),
  natsCa: optional(
    setting("--nats-ca", file(), "The authorities to trust for tls://, in PEM, in place of the system's."),
  ),
  cluster: optional(
    setting("--cluster", natsName("NAME"), "Which hub of that NATS: servers of one name are one; chat by default."),
  ),
  node: optional(setting("--node", natsName("NAME"), "What the other servers call this one.")),
  reusePort: flag(
    "--reuse-port",
    "Share the ports with other servers of this machine that do the same and are one hub with this one (Linux).",
  ),
  claimTtl: optional(
    setting("--claim-ttl", leaseTime(), "How long a silent server's names are kept for it, from 2s; 10s by default."),
  ),
});

const OPERATIONS = object({
  admin: withDefault(
    setting("--admin", adminPlace(), "Where operators reach the server by HTTP: a port, HOST:PORT, unix:PATH, or off."),
    "off",
  ),
  adminToken: multiple(
    setting(
      "--admin-token",
      file(),
      "The token that operators need at a port: the first line of FILE. May be repeated.",
    ),
  ),
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

const CONFIGURATION = object({
  configFile: optional(
    setting(
      "--config",
      file(),
      "Options from a file, in YAML: NAME: VALUE. The command line counts before it, and CHAT_NAME in the environment. SIGHUP has it read again.",
    ),
  ),
});

const SETTINGS = merge(
  group("Where", PORTS),
  group("Delivery", DELIVERY),
  group("Admission", ADMISSION),
  group("Limits", LIMITS),
  group("TLS", CERTIFICATE),
  group("Many servers, one hub", CLUSTER),
  group("Operations", OPERATIONS),
  group("Log", merge(LOG, TABLE)),
  group("Configuration", CONFIGURATION),
);

/** The parsers of `chat serve`, and of its options alone, as far as they do not depend on each other. */
export const SERVE = {
  serve: command(
    "serve",
    map(SETTINGS, serveCommand),
    {
      brief: plain("Run a server: one hub, a port for each dialect."),
      footer: plain("A TIME has a unit: 500ms, 5s, 1.5m, 1h."),
      usageLine: [OPTIONS],
    },
  ),
  settings: SETTINGS,
};

function serveCommand(
  { certFile, keyFile, admin, adminToken, nats, natsCreds, natsCa, cluster, node, claimTtl, ...rest }:
    & ServeOptions
    & InferValue<typeof CERTIFICATE>
    & InferValue<typeof OPERATIONS>
    & ClusterOptions,
): ServeCommand {
  const options: ServeOptions = {
    ...rest,
    adminChoice: adminChoice(admin, adminToken),
    clusterChoice: clusterChoice({ nats, natsCreds, natsCa, cluster, node, claimTtl, reusePort: rest.reusePort }),
  };
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

function adminChoice(place: AdminPlace | "off", tokenFiles: readonly string[]): AdminChoice | undefined {
  if (tokenFiles.length > 0 && (place === "off" || "path" in place)) {
    throw new ChatError(
      "usage",
      "--admin-token goes with --admin PORT: at a socket, the file system says who may come",
    );
  }
  return place === "off" ? undefined : { place, tokenFiles };
}

/** The option for a port of a dialect: its default port, if it has one, unless another one is asked for. */
function serverPort({ option, help, defaultPort }: ServerPort): FluentParser<"sync", PortChoice, unknown> {
  const port = setting(`--${option}`, portOrOff(), help);
  return withDefault(port, defaultPort === undefined ? "off" : { port: defaultPort, asked: false });
}

function retiredOption(retired: RetiredOption): FluentParser<"sync", string | undefined, unknown> {
  return optional(option(`--${retired.option}`, valueParser(oneOf("WORD", "word", retired.words)), { hidden: true }));
}
