/**
 * The options of `chat connect`.
 *
 * @module
 */

import { group, merge, object } from "@optique/core/constructs";
import { map, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command } from "@optique/core/primitives";
import type { UsageTerm } from "@optique/core/usage";
import { fields } from "../cli/fields.ts";
import { TRUST, trust, type TrustOptions } from "../cli/trust.ts";
import { address, dialectName, duration, folder, type Kind, oneOf, wholeNumber, word, wrong } from "../cli/values.ts";
import { ChatError } from "../core/error.ts";
import { DIALECTS, findDialect } from "../dialects/registry.ts";
import type { ConnectOptions } from "./connect.ts";
import type { PingCommandOptions } from "./ping_command.ts";

const { amount, byOption, flag, OPTIONS, plain, setting, valueParser } = fields;

/** `chat connect`, understood. */
export interface ConnectCommand {
  /** Tells it from the other commands. */
  readonly kind: "connect";
  /** Its options. */
  readonly options: ConnectOptions;
}

/** `chat connect --ping`, understood. */
export interface PingCommand {
  /** Tells it from the other commands. */
  readonly kind: "ping";
  /** Its options. */
  readonly options: PingCommandOptions;
}

/** How long a ping may take, in milliseconds, if nothing else is said. */
const USUAL_PATIENCE = 3_000;

const NAME: UsageTerm = { type: "literal", value: "[NAME]" };

const WHO = object({
  name: optional(argument(valueParser(word("NAME")), { description: plain("The name to go by.") })),
  server: optional(setting("--server", address(), "The server; without a port, the dialect's own.")),
  dialect: withDefault(setting("--dialect", dialectName(), "What the server speaks."), DIALECTS[0].name),
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

const PING = object({
  ping: flag("--ping", "Only say whether the server answers, as nobody: exit status 0, or 3. For health checks."),
  timeout: optional(setting("--timeout", duration(), "How long a --ping may take; 3s by default.")),
});

/** The parser of `chat connect`. */
export const CONNECT = {
  connect: command(
    "connect",
    map(
      merge(
        group("Who", WHO),
        group("TLS", object(TRUST)),
        group("Look", LOOK),
        group("Staying", STAYING),
        group("Health", PING),
      ),
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
};

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
    ping,
    timeout,
    ...options
  }:
    & InferValue<typeof WHO>
    & TrustOptions
    & InferValue<typeof LOOK>
    & InferValue<typeof STAYING>
    & InferValue<typeof PING>,
): ConnectCommand | PingCommand {
  if (ping) {
    const { name, server, dialect } = options;
    if (name !== undefined) {
      throw new ChatError("usage", `--ping asks as nobody: leave out the name ${JSON.stringify(name)}`);
    }
    const asked = { server, dialect, tls: trust({ tls, caFile, insecure }), timeout: timeout ?? USUAL_PATIENCE };
    return { kind: "ping", options: { ...asked, json } };
  }
  if (timeout !== undefined) throw new ChatError("usage", "--timeout goes with --ping: add it");
  const look = { time, color, bell, json };
  const staying = { history: !noHistory, reconnect: !noReconnect, wait: wait * 1_000 };
  const entry = findDialect(options.dialect);
  const own = {
    messageLogDir: messageLogs[entry?.messageLog?.option ?? ""],
    clientPort: entry?.transport === "udp" ? clientPorts[entry.clientPort.option] : undefined,
  };
  return { kind: "connect", options: { ...options, ...own, ...staying, tls: trust({ tls, caFile, insecure }), look } };
}

/** A port of one's own; 0 for any that is free. */
function ownPort(): Kind<number> {
  return {
    name: "PORT",
    example: 0,
    read(input) {
      const port = wholeNumber(input);
      if (port <= 65_535) return port;
      throw wrong(input, "no port: write 1 to 65535, or 0 for any free one");
    },
    show: String,
  };
}

/** How the time is written, or `off`; whether it can be is for the command to find out. */
function clockFormat(): Kind<string> {
  return { ...word("FORMAT"), example: "%H:%M", offers: ["off", "%H:%M", "%T"] };
}
