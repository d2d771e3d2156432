/**
 * The command `chat serve`.
 *
 * @module
 */

import { addressText } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint } from "../core/link.ts";
import { DIALECTS, findDialect, NAME_WIDTH, serverPorts } from "../dialects/registry.ts";
import { reasonOf } from "../transport/listening.ts";
import { machineWord } from "../transport/udp/own_address.ts";
import { REAL_WORLD } from "../transport/real_world.ts";
import { type CertificateFiles, readCertificate } from "../transport/tls/tls.ts";
import type { Admin, AdminChoice, AdminSubject } from "./admin/admin.ts";
import { addressTable } from "./status/address_table.ts";
import { LiveTable } from "./status/live_table.ts";
import { watchCertificate } from "./certificate_watch.ts";
import { fileStamp, FileTimeWatch } from "./file_time_watch.ts";
import { checkSecured } from "./secured_nats.ts";
import type { DialectListener } from "./listeners/listener.ts";
import { type Log, type LogFormat, type LogLevel, openLog } from "./log/log.ts";
import { OverheardLog } from "./log/overheard_log.ts";
import { Output } from "./output.ts";
import { type ConfigurationFile, Reloader, type ReloadReport } from "./reload.ts";
import { type PageFiles, readPage } from "./listeners/web_pages.ts";
import { carriesPage, hasPage, readsAgain } from "./reading.ts";
import { type ClusterMembership, Server, type ServerOptions } from "./server.ts";
import { onReloadSignal, onStatusSignal, stopSignal } from "../cli/signals.ts";
import { clusterCountLines, messageCounterLines, statusLines } from "./status/status.ts";

/** What was asked of the cluster. */
export interface ClusterChoice {
  /** Where NATS is. */
  readonly servers: readonly string[];
  /** A file of credentials for NATS. */
  readonly credsFile?: string | undefined;
  /** A file of the authorities to trust in place of the system's, if NATS speaks TLS. */
  readonly caFile?: string | undefined;
  /** The cluster's name: nodes of one name are one hub. */
  readonly name: string;
  /** What this node is called; its process decides where nobody has said. */
  readonly node?: string | undefined;
  /** How long a node that says nothing keeps its names, in milliseconds. */
  readonly claimTtl: number;
}

/** The options of `chat serve`. */
export interface ServeOptions extends ServerOptions {
  /** The cluster that it is to be a node of. */
  readonly clusterChoice?: ClusterChoice | undefined;
  /** Where the certificate is, if TLS is to be spoken over TCP. */
  readonly tls?: CertificateFiles | undefined;
  /** Whether the address table is printed whenever it changes. */
  readonly table: boolean;
  /** The file from which some of this is, if there is one. */
  readonly configFile?: string | undefined;
  /** Where operators reach it, if they are to. */
  readonly adminChoice?: AdminChoice | undefined;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** How the log looks. */
  readonly logFormat: LogFormat;
}

/** How long the last words may take to be read, in milliseconds: whoever does not read them does not hold us up. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs a server until a signal asks it to stop, and returns the exit status. Tells on standard output what listens where,
 * how to connect, and when asked who is present; logs to standard error. Neither has to be read, or even open.
 *
 * @param configuration the file from which some of the options are, if there is one.
 * @throws {ChatError} if it cannot listen where it was asked to, or with the certificate or networks that it was given.
 */
export async function serve(options: ServeOptions, configuration?: ConfigurationFile): Promise<number> {
  const [out, errors] = [new Output(Deno.stdout), new Output(Deno.stderr)];
  const setLog = (level: LogLevel, format: LogFormat) => openLog(level, format, errors);
  try {
    const log = await setLog(options.logLevel, options.logFormat);
    return await run({ options, configuration, out, log, setLog });
  } finally {
    await unlessSlow(Promise.all([out.flushed(), errors.flushed()]));
  }
}

/** A server that is about to run, and what it tells by. */
interface Run {
  readonly options: ServeOptions;
  readonly configuration: ConfigurationFile | undefined;
  readonly out: Output;
  readonly log: Log;
  readonly setLog: (level: LogLevel, format: LogFormat) => Promise<unknown>;
}

async function run({ options, configuration, out, log, setLog }: Run): Promise<number> {
  const stopping = stopSignal();
  let reload = () => {}; // All has just been read, or is about to be.
  onReloadSignal(() => reload());
  const certificate = options.tls && readCertificate(options.tls);
  const membership = options.clusterChoice && await clusterMembership(options.clusterChoice, options);
  const page = hasPage(options) ? pageUnlessLost(log) : undefined;
  if (!readsAgain(options)) Deno.permissions.revokeSync({ name: "read" });
  const server = await Server.start({ ...options, page }, log, certificate, REAL_WORLD, membership);
  using watch = options.tls && watchCertificate(log, options.tls.certFile);
  if (certificate !== undefined) watch?.shows(certificate);
  if (options.tls !== undefined) {
    for (const { dialect, label } of server.listeners.filter((door) => door.renew === undefined)) {
      log("warning", `${dialect} speaks datagrams, which TLS does not protect: --${label} off leaves it out`);
    }
  }
  const reloadLog = new OverheardLog(log);
  const reloader = new Reloader({ server, options, configuration, setLog, watch }, reloadLog.log);
  using files = options.tls && new FileTimeWatch({
    files: () => reloader.certificateFiles,
    stampOf: fileStamp,
    runtime: REAL_WORLD.runtime,
    changed: () => reloader.certificate(),
  });
  reloader.onReading = () => files?.reading();
  onStatusSignal(() => out.writeLines(statusLines(server)));
  const table = new LiveTable(out, () => addressTable(server.hub.members()));
  if (options.table) {
    const changed = () => table.changed();
    server.hub.watch({ entered: changed, confirmed: changed, left: changed });
  }
  for (const { retiredOption } of DIALECTS) {
    if (retiredOption === undefined || options.retired[retiredOption.option] === undefined) continue;
    log("warning", `--${retiredOption.option} goes in the next version: ${retiredOption.instead}`);
  }
  const again = async (): Promise<ReloadReport> => {
    const faults = admin?.readTokens(reloadLog.log) ?? [];
    const report = await reloader.all();
    return { ...report, faults: [...faults, ...report.faults] };
  };
  const admin: Admin | undefined = options.adminChoice && await openAdmin(options.adminChoice, {
    server,
    certificateUntil: () => watch?.until,
    reloading: { again, log: reloadLog },
  }, log);
  reload = () => void again();
  const adminLines = admin === undefined ? [] : [adminLine(admin)];
  out.writeLines([...listenLines(server.listeners, certificate !== undefined), ...adminLines, "Ctrl-C stops it."]);
  const signal = await stopping;
  reload = () => {};
  log("info", "stopping: deliveries in flight are finished first, a second signal stops at once", { signal });
  table.stop();
  await server.stop();
  await admin?.close();
  out.writeLines([
    ...messageCounterLines(server.hub.counters),
    ...server.closeCounters.lines(),
    ...server.node === undefined ? [] : clusterCountLines(server.node.status),
  ]);
  return 0;
}

/** The page; without its files, or the permission to read them, programs can talk to the server all the same. */
function pageUnlessLost(log: Log): PageFiles | undefined {
  try {
    return readPage();
  } catch (error) {
    log("warning", "the page cannot be shown: its files cannot be read", { error: reasonOf(error) });
    return undefined;
  }
}

/** Makes the server's part of a cluster. NATS is loaded only where it is asked for. */
async function clusterMembership(
  { servers, credsFile, caFile, name, node, claimTtl }: ClusterChoice,
  { reusePort, host, ports }: ServerOptions,
): Promise<ClusterMembership> {
  if (reusePort && Deno.build.os !== "linux") {
    throw new ChatError(
      "usage",
      "--reuse-port is there on Linux only: leave it out, and give each server ports of its own",
    );
  }
  checkSecured(servers, Deno.version.deno);
  const { NatsEngine } = await import("../cluster/nats/nats_engine.ts");
  const label = node ?? `process-${Deno.pid}`;
  const credentials = credsFile === undefined ? undefined : readFor("credentials", credsFile);
  const authorities = caFile === undefined ? undefined : new TextDecoder().decode(readFor("authorities", caFile));
  const engine = new NatsEngine({ servers, credentials, authorities, cluster: name, label });
  const shared = reusePort ? sharedPorts(host, ports) : undefined;
  return { engine, label, claimTtl, machine: await machineWord(), ports: shared };
}

/** The ports for datagrams, as a word that servers have in common that share them. A port that any free one is for is not shared. */
function sharedPorts(host: string, ports: ServerOptions["ports"]): string {
  const options = DIALECTS.filter(({ transport }) => transport === "udp").flatMap(serverPorts);
  const chosen = options.flatMap(({ option }) => {
    const choice = ports[option] ?? "off";
    return choice === "off" || choice.port === 0 ? [] : [choice.port];
  });
  return `${host} ${chosen.join(" ")}`;
}

/** Opens what operators talk to, which is loaded only where it is asked for. */
async function openAdmin(choice: AdminChoice, subject: AdminSubject, log: Log): Promise<Admin> {
  try {
    const { Admin } = await import("./admin/admin.ts");
    return await Admin.open(choice, subject, REAL_WORLD, log);
  } catch (error) {
    subject.server.abort();
    throw error;
  }
}

/** Where operators reach it, and how. */
function adminLine({ where }: Admin): string {
  const [, path] = /^unix:(.*)$/s.exec(where) ?? [];
  const how = path === undefined
    ? `http://${where}/ in a browser`
    : `curl --unix-socket ${path} http://localhost/status`;
  return `  ${"admin".padEnd(NAME_WIDTH)} ${where.padEnd(21)} ${how}`;
}

function readFor(what: string, path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (cause) {
    const text = `cannot read the ${what} for NATS in ${JSON.stringify(path)}: ${reasonOf(cause)}`;
    throw new ChatError("cluster-unusable", text, { cause });
  }
}

/** What listens where, and how to connect. */
function listenLines(doors: readonly DialectListener[], isSecured: boolean): string[] {
  const dialects = new Set(doors.map(({ dialect }) => dialect)).size;
  const width = Math.max(NAME_WIDTH, ...doors.map(({ label }) => label.length));
  return [
    `chat listens: one hub, ${dialects === 1 ? "one dialect" : `${dialects} dialects`}.`,
    ...doors.map((door) =>
      `  ${door.label.padEnd(width)} ${addressText(door.endpoint).padEnd(21)} ${howTo(door, isSecured)}`
    ),
    ...doors.filter(({ dialect }) => carriesPage(findDialect(dialect))).map(({ endpoint }) =>
      `In a browser: ${isSecured ? "https" : "http"}://${addressText(browsable(endpoint))}/`
    ),
  ];
}

/** Where a browser on this machine finds what listens there: an address that stands for all is none to go to. */
function browsable({ hostname, port }: Endpoint): Endpoint {
  return { hostname: ["0.0.0.0", "::"].includes(hostname) ? "localhost" : hostname, port };
}

/** The command that connects to a door, as short as the defaults allow. */
function howTo({ dialect, endpoint, renew }: DialectListener, isSecured: boolean): string {
  const isDefault = endpoint.hostname === "127.0.0.1" && endpoint.port === findDialect(dialect)?.defaultPort;
  const options = [
    ...dialect === DIALECTS[0].name ? [] : [`--dialect ${dialect}`],
    ...isDefault ? [] : [`--server ${addressText(endpoint)}`],
    ...isSecured && renew !== undefined ? ["--tls"] : [],
  ];
  const name = findDialect(dialect)?.assignsNames ? [] : ["NAME"];
  return ["chat connect", ...name, ...options].join(" ");
}

async function unlessSlow(written: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LAST_WORDS_MS));
  await Promise.race([written, late]);
  clearTimeout(timer);
}
