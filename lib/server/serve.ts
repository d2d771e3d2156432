/**
 * The command `chat serve`.
 *
 * @module
 */

import { addressText } from "../chat/address.ts";
import { findDialect } from "../dialects/catalogue.ts";
import { type CertificateFiles, readCertificate } from "../transport/tls.ts";
import { addressTable } from "./address_table.ts";
import { Bulletin } from "./bulletin.ts";
import type { Door } from "./door.ts";
import { type LogFormat, type LogLevel, openLog } from "./log.ts";
import { renewal } from "./renewal.ts";
import { Server, type ServerOptions } from "./server.ts";
import { onReloadSignal, onStatusSignal, stopSignal } from "./signals.ts";
import { booksLines, statusLines } from "./status.ts";

/** The options of `chat serve`. */
export interface ServeOptions extends ServerOptions {
  /** Where the certificate is, if TLS is to be spoken over TCP. */
  readonly tls?: CertificateFiles | undefined;
  /** Whether the address table is printed whenever it changes. */
  readonly table: boolean;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** How the log looks. */
  readonly logFormat: LogFormat;
}

/**
 * Runs a server until a signal asks it to stop, and returns the exit status. Tells on standard output what listens where,
 * how to connect, and when asked who is present; logs to standard error.
 *
 * @throws {ChatError} if it cannot listen where it was asked to, or with the certificate that it was given.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const certificate = options.tls && readCertificate(options.tls);
  await using log = await openLog(options.logLevel, options.logFormat);
  const server = new Server(options, log.log, certificate);
  const asked = stopSignal();
  onStatusSignal(() => say(statusLines(server)));
  if (options.tls !== undefined) {
    onReloadSignal(renewal(server, options.tls, log.log));
    for (const { dialect } of server.doors.filter((door) => door.renew === undefined)) {
      log.log("warning", `${dialect} speaks datagrams, which TLS does not protect: --${dialect} off leaves it out`);
    }
  }
  const table = new Bulletin(Deno.stdout, () => addressTable(server.hub.members()));
  if (options.table) server.hub.watch({ entered: () => table.changed(), left: () => table.changed() });
  say([
    `chat listens: one hub, ${server.doors.length === 1 ? "one dialect" : `${server.doors.length} dialects`}.`,
    ...server.doors.map((door) =>
      `  ${door.dialect.padEnd(6)} ${addressText(door.endpoint).padEnd(21)} ${howTo(door, certificate !== undefined)}`
    ),
    "Ctrl-C stops it.",
  ]);
  const signal = await asked;
  log.log("info", "stopping: deliveries in flight are finished first, a second signal stops at once", { signal });
  table.stop();
  await server.stop();
  say([...booksLines(server.hub.books), ...server.closings.lines()]);
  return 0;
}

/** The command that connects to a door, as short as the defaults allow. */
function howTo({ dialect, endpoint, renew }: Door, isSecured: boolean): string {
  const isDefault = endpoint.hostname === "127.0.0.1" && endpoint.port === findDialect(dialect)?.defaultPort;
  const options = [
    ...dialect === "relay" ? [] : [`--dialect ${dialect}`],
    ...isDefault ? [] : [`--server ${addressText(endpoint)}`],
    ...isSecured && renew !== undefined ? ["--tls"] : [],
  ];
  const name = findDialect(dialect)?.assignsNames ? [] : ["NAME"];
  return ["chat connect", ...name, ...options].join(" ");
}

/** Synchronously: a script that waits for these lines must find the port open, and must not wait for a buffer. */
function say(lines: readonly string[]): void {
  let rest = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
