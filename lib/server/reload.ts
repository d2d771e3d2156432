/**
 * What a running server reads again when it is asked to.
 *
 * @module
 */

import { type Certificate, type CertificateFiles, readCertificate } from "../transport/tls/tls.ts";
import type { CertificateWatch } from "./certificate_watch.ts";
import { networkFilesOf } from "./limits/network_file.ts";
import { messageOf } from "./listeners/listener.ts";
import { LIVE_OPTIONS, type LiveOptions } from "./live_options.ts";
import type { Log, LogFormat, LogLevel } from "./log/log.ts";

/** The options of which some can change while the server runs. */
export interface ReloadableOptions extends LiveOptions {
  /** See `ServeOptions`. */
  readonly tls?: CertificateFiles | undefined;
  /** See `ServeOptions`. */
  readonly logLevel: LogLevel;
  /** See `ServeOptions`. */
  readonly logFormat: LogFormat;
}

/** What a configuration file says. */
export interface ConfigurationReading {
  /** What the file says of each option, where the command line and the environment say nothing, by the option's name. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  /** The options of the server, wherever they are from. */
  readonly options: ReloadableOptions;
}

/** A configuration file. */
export interface ConfigurationFile {
  /** Where it is. */
  readonly file: string;
  /** What it said when the server started. */
  readonly said: ConfigurationReading["said"];
  /** Reads it again. Rejects with a `ChatError` if it cannot be followed. */
  read(): Promise<ConfigurationReading>;
}

/** A running server, as far as it can change. */
export interface ReloadableServer {
  /** Has other options hold. @throws {ChatError} if it cannot; all stays as it was. */
  adopt(options: Partial<LiveOptions>): void;
  /** Shows another certificate. Rejects with a `ChatError` if it cannot. */
  renew(certificate: Certificate): Promise<void>;
  /** Reads the files of networks again. @throws {ChatError} if they cannot be used; all stays as it was. */
  readNetworks(): void;
}

/** What is read again, and who is to heed what it says now. */
export interface ReloadOptions {
  /** Has other options hold, shows another certificate. */
  readonly server: ReloadableServer;
  /** What the server was started with. */
  readonly options: Pick<ReloadableOptions, "allow" | "deny" | "tls">;
  /** Where options are from besides the command line, if they are. */
  readonly configuration?: ConfigurationFile | undefined;
  /** Has the log be another one. */
  setLog(level: LogLevel, format: LogFormat): Promise<unknown>;
  /** Is told of a new certificate. */
  readonly watch?: Pick<CertificateWatch, "shows"> | undefined;
}

/** What came of reading again. */
export interface ReloadReport {
  /** Options that were changed in the configuration, and hold now. */
  readonly changed: string[];
  /** Options that were changed in it, and hold only when the server is started again. */
  readonly kept: string[];
  /** What could not be used; that of it stays as it was. */
  readonly faults: string[];
}

/** Options of which the log is told here. */
const OF_THE_LOG = ["log-level", "log-format"];
const OF_THE_CERTIFICATE = ["tls-cert", "tls-key"];

/**
 * Reads again what can be: the configuration, the files of networks, the certificate. One call after the other, whoever asks. The log says
 * what came of it. What cannot be used changes nothing.
 */
export class Reloader {
  readonly #options: ReloadOptions;
  readonly #log: Log;
  /** Is told before the files of the certificate are read. */
  onReading: () => void = () => {};
  readonly #holds: Map<string, readonly string[]>;
  #tls: CertificateFiles | undefined;
  #networkFiles: readonly string[];
  #last: Promise<unknown> = Promise.resolve();

  /** All of it was read when the server started. */
  constructor(options: ReloadOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    this.#holds = new Map(options.configuration?.said);
    const { allow, deny, tls } = options.options;
    this.#tls = tls;
    this.#networkFiles = networkFilesOf([...allow, ...deny]);
  }

  /** The files of the certificate that is shown, if there is one. */
  get certificateFiles(): readonly string[] {
    return this.#tls === undefined ? [] : [this.#tls.certFile, this.#tls.keyFile];
  }

  /** Reads all of it again. Never rejects. */
  all(): Promise<ReloadReport> {
    return this.#next(async (report) => {
      const { configuration } = this.#options;
      if (configuration !== undefined) await this.#readConfiguration(configuration, report);
      else if (this.#networkFiles.length > 0) this.#readNetworks(report);
      const isBroken = configuration !== undefined && report.faults.length > 0;
      if (!isBroken) await this.#renew(report);
      if (configuration === undefined && this.#networkFiles.length === 0 && this.#tls === undefined) {
        this.#log(
          "info",
          "there is nothing to read again: no configuration, no certificate, and no file with networks",
        );
      }
    });
  }

  /** Reads the certificate again, because its files were written. Never rejects. */
  certificate(): Promise<ReloadReport> {
    return this.#next((report) => this.#renew(report));
  }

  #next(read: (report: ReloadReport) => Promise<void>): Promise<ReloadReport> {
    const report: ReloadReport = { changed: [], kept: [], faults: [] };
    const reading = this.#last.then(() => read(report)).then(() => report);
    this.#last = reading;
    return reading;
  }

  async #readConfiguration({ file, read }: ConfigurationFile, report: ReloadReport): Promise<void> {
    try {
      const { said, options } = await read();
      const differing = differences(said, this.#holds);
      for (const name of differing) report[this.#canChange(name, differing, options) ? "changed" : "kept"].push(name);
      const live = Object.entries(LIVE_OPTIONS).filter(([name]) => report.changed.includes(name));
      this.#options.server.adopt(Object.fromEntries(live.map(([, field]) => [field, options[field]])));
      if (report.changed.some(isOfLog)) await this.#options.setLog(options.logLevel, options.logFormat);
      this.#tls = this.#tls && options.tls;
      this.#networkFiles = networkFilesOf([...options.allow, ...options.deny]);
      for (const name of report.changed) this.#holds.set(name, said.get(name) ?? []);
    } catch (error) {
      report.changed.length = report.kept.length = 0;
      report.faults.push(messageOf(error));
      this.#log("error", "nothing has changed: the configuration cannot be used", { file, why: messageOf(error) });
      return;
    }
    const changed = report.changed.join(", ") || "nothing";
    this.#log("info", "the configuration was read again", { file, changed });
    if (report.kept.length === 0) return;
    this.#log("warning", "options that were changed hold when the server is started again", {
      options: report.kept.join(", "),
    });
  }

  /** Whether an option can be another one while the server runs; `differing` are all that are to be. */
  #canChange(name: string, differing: readonly string[], { tls }: ReloadableOptions): boolean {
    // A message has to fit into a queue.
    if (name === "max-message" && differing.includes("max-queue")) return false;
    if (OF_THE_CERTIFICATE.includes(name)) return this.#tls !== undefined && tls !== undefined;
    return name in LIVE_OPTIONS || isOfLog(name);
  }

  async #renew(report: ReloadReport): Promise<void> {
    if (this.#tls === undefined) return;
    this.onReading();
    try {
      const certificate = readCertificate(this.#tls);
      await this.#options.server.renew(certificate);
      this.#log("info", "the certificate was read again, new connections are shown it", { file: this.#tls.certFile });
      this.#options.watch?.shows(certificate);
    } catch (error) {
      report.faults.push(messageOf(error));
      this.#log("error", "the certificate was not renewed", { why: messageOf(error) });
    }
  }

  #readNetworks(report: ReloadReport): void {
    const files = this.#networkFiles.join(", ");
    try {
      this.#options.server.readNetworks();
      this.#log("info", "the networks were read again, and hold for those who come from now on", { files });
    } catch (error) {
      report.faults.push(messageOf(error));
      this.#log("error", "the networks stay as they were", { files, why: messageOf(error) });
    }
  }
}

function isOfLog(name: string): boolean {
  return OF_THE_LOG.includes(name);
}

/** The options of which a file says something else than before. */
function differences(now: ConfigurationReading["said"], before: ConfigurationReading["said"]): string[] {
  const words = (said: ConfigurationReading["said"], name: string) => JSON.stringify(said.get(name) ?? []);
  return [...new Set([...now.keys(), ...before.keys()])].filter((name) => words(now, name) !== words(before, name))
    .sort();
}
