/**
 * The client that a fixture plays the server to: what it has connected, what it shows, what is typed for its user.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../../../lib/core/link.ts";
import type { Runtime, Timer } from "../../../lib/core/runtime.ts";
import { visibleText } from "../../../lib/core/visible.ts";
import { AnyPeerLink } from "../../client/any_peer_link.ts";
import type { ClientHost, Hosted } from "../../client/client_host.ts";
import type { ClientRun } from "../../client/client_run.ts";
import type { Match } from "../../pattern/matcher.ts";
import type { Accept } from "../../transcript/syntax.ts";
import type { Connection } from "../connection/connection.ts";
import type { Recording } from "../connection/recording.ts";
import { TERMINAL } from "./program_wait.ts";
import { questionIn } from "./question.ts";

/** What is shown of the last that a client has shown, in lines. */
const LAST_LINES = 20;
/** Nothing new for so long, in milliseconds: what a client shows about one thing is complete. */
const SETTLING = 150;

const encoder = new TextEncoder();

/** What a stage is for. */
export interface ClientStageOptions {
  /** Starts the client. */
  readonly host: ClientHost;
  /** Its user's name. */
  readonly name: string;
  /** Whether it speaks datagrams. */
  readonly hasDatagrams: boolean;
  /** Whether anybody listens where it connects to. */
  readonly isListening: boolean;
  /** How long a client may let what it is sent lie, in milliseconds. */
  readonly timeout: number;
  /** The time. */
  readonly runtime: Runtime;
  /** Writes down what is typed and shown. */
  readonly recording: Recording;
  /** Makes a connection of a link, which nobody has named yet. */
  connection(name: string, link: HalfClosingLink): Connection;
  /** A connection has got its name. */
  named(connection: Connection, name: string, link: HalfClosingLink): void;
  /** Called after anything has happened. */
  changed(): void;
  /** An error of our own, thrown while something arrived. */
  onFault(error: unknown): void;
}

/** What a client may send that is not read yet, in bytes. */
const MAX_QUEUE = 64 * 1024 * 1024;
/** How often is looked at the time, and how late that may be, in milliseconds, before times say nothing. */
const BEAT = 50;
const LATE = 100;
/** See {@linkcode ClientStage.silence}. */
const SILENCE = 50;
/** See {@linkcode ClientStage.decidingTime}. */
const DECIDING = 300;
/** See {@linkcode ClientStage.gap}. */
const GAP = 30;
/** How often is looked whether a client shows something of what it was sent, in milliseconds. */
const LOOKING = 5;
/** How long it may take to close its side, in milliseconds. */
const LINGER = 250;

/** One client, on stage for one fixture. */
export class ClientStage {
  /** Told of everything that may matter to a wait. */
  readonly listeners = new Set<() => void>();
  /** Connections that no step has named yet, the oldest first. What happens on one that none ever does counts nothing. */
  waiting: Connection[] = [];
  /** How many connections there were. */
  connected = 0;
  /** Where on the screen the client was when something was last done to it. */
  lastActionAt = 0;
  readonly #options: ClientStageOptions;
  readonly #links = new Map<Connection, HalfClosingLink>();
  #hosted: Hosted | undefined;
  #recordedTo = 0;
  #peer: Endpoint | undefined;
  /** Whether it was sent something since its user last typed. */
  #wasSent = false;
  /** How late a timer of ours was at most, in milliseconds. */
  #latest = 0;
  #beat: Timer | undefined;

  /** Sets the stage; the client is started by {@linkcode ClientStage.start}. */
  constructor(options: ClientStageOptions) {
    this.#options = options;
  }

  /** The time. */
  get runtime(): Runtime {
    return this.#options.runtime;
  }

  /** The client, once it was started. */
  get run(): ClientRun | undefined {
    return this.#hosted?.run;
  }

  /** Whether it has ever connected. */
  get hasConnected(): boolean {
    return this.connected > 0;
  }

  /** How long nothing must be shown before what has no end of its own is complete, in milliseconds. */
  get settlingTime(): number {
    return Math.min(SETTLING, this.#options.timeout / 10);
  }

  /** How long after what it was sent before a client is sent more, in milliseconds, so that one that reads slowly reads that first. */
  get gap(): number {
    return GAP;
  }

  /** How long a client must say nothing, in milliseconds: one that was typed for answers no faster than its language allows. */
  get silence(): number {
    return Math.min(SILENCE, this.#options.timeout / 10);
  }

  /** Whether this machine was so busy that times say nothing: a timer of ours was late. */
  get isLate(): boolean {
    return this.#latest > LATE;
  }

  /** When something arrived on a connection since something was last done to the client, in milliseconds since the fixture began. */
  arrivals(connection: string): number[] {
    const { events } = this.#options.recording.wire;
    const last = events.findLastIndex(({ kind }) => kind === "sent");
    return events.slice(last + 1).flatMap((event) =>
      event.connection === connection && event.kind === "received" ? event.at : []
    );
  }

  /** How long a client must say nothing to have chosen that, in milliseconds. */
  get decidingTime(): number {
    return Math.min(DECIDING, this.#options.timeout / 10);
  }

  /** What was shown from there on. */
  shownSince(position: number): string {
    return this.run?.screen.since(position) ?? "";
  }

  /** The last lines that were shown, fit for a terminal. */
  get lastShown(): string[] {
    const lines = this.shownSince(0).trimEnd().split("\n").slice(-LAST_LINES);
    return lines.map((line) => visibleText(line, { keep: "\t" })).filter((line, i) => i > 0 || line !== "");
  }

  /** What probably keeps a client from going on. */
  get hint(): string | undefined {
    if (this.run?.ending !== undefined) return undefined;
    if (this.hasConnected) return undefined;
    if (this.lastShown.length === 0) {
      const input = "if it waits for input, give it with --client-input TEXT; if it needs a terminal, with --pty";
      return `the client shows nothing: ${input}`;
    }
    const question = questionIn(this.shownSince(0));
    if (question === undefined) return undefined;
    return `the client asks ${JSON.stringify(visibleText(question))}: give the answer with --client-input 'TEXT\\n'`;
  }

  /** Starts the client. Throws an `unreachable` error if it cannot be started. */
  async start(): Promise<void> {
    if (this.#hosted !== undefined) return;
    const { host, name, hasDatagrams, isListening, timeout, onFault } = this.#options;
    const link = { maxQueue: MAX_QUEUE, writeTimeout: timeout, lingerTimeout: LINGER, onFault };
    this.#hosted = await host.start({ name, hasDatagrams, isListening, link, onLink: (link) => this.#accept(link) });
    this.#watchTime();
    this.#hosted.run.onChange = () => this.#changed();
    this.#changed();
  }

  /** Opens a port for datagrams of somebody else whom the client speaks with. */
  openPeer(): AnyPeerLink {
    const link = this.#hosted!.openPeer();
    if (this.#peer !== undefined) link.sendTo(this.#peer);
    return link;
  }

  /** Types for the user, who looks first what the client shows of what it was sent. */
  async type(text: string, pause: (milliseconds: number) => Promise<void>): Promise<void> {
    for (let waited = 0; this.#wasSent && waited < this.decidingTime; waited += LOOKING) {
      if (this.shownSince(this.lastActionAt) !== "" || this.run?.ending !== undefined) break;
      await pause(LOOKING);
    }
    this.#wasSent = false;
    this.acted();
    this.#options.recording.note(TERMINAL, "sent", encoder.encode(text));
    this.run?.type(text);
  }

  /** The client was sent something, by which its user may go. */
  sent(): void {
    this.#wasSent = true;
    this.acted();
  }

  /** Something was done to the client: what it shows from here on is about that. */
  acted(): void {
    this.lastActionAt = this.run?.screen.length ?? 0;
  }

  /** A step has taken a connection. */
  take(connection: Connection, { connection: name }: Accept, match: Match): void {
    this.waiting = this.waiting.filter((other) => other !== connection);
    const link = this.#links.get(connection)!;
    const port = match.values.get("port");
    if (link instanceof AnyPeerLink) {
      if (port !== undefined) {
        link.sendTo({ hostname: link.remote.hostname, port: Number(new TextDecoder().decode(port)) });
      }
      this.#peer = link.remote;
    }
    this.#options.recording.renamed(connection.name, name);
    this.#options.named(connection, name, link);
    this.#tell();
  }

  /** Ends the client. */
  async leave(): Promise<void> {
    this.#beat?.cancel();
    if (this.#options.isListening && this.#hosted !== undefined) this.#options.host.note(this.hasConnected);
    await this.#hosted?.close();
    for (const connection of this.waiting) connection.part("reset");
    await Promise.all(this.waiting.map(({ gone }) => gone));
  }

  #watchTime(): void {
    const { runtime } = this.#options;
    let due = runtime.now() + BEAT;
    this.#beat = runtime.every(BEAT, () => {
      const now = runtime.now();
      this.#latest = Math.max(this.#latest, now - due);
      due = now + BEAT;
    });
  }

  #accept(link: HalfClosingLink): void {
    this.connected++;
    const connection = this.#options.connection(`connection-${this.connected}`, link);
    this.#links.set(connection, link);
    this.waiting.push(connection);
    this.#tell();
  }

  #changed(): void {
    const shown = this.shownSince(this.#recordedTo);
    this.#recordedTo = this.run?.screen.length ?? 0;
    if (shown !== "") this.#options.recording.note(TERMINAL, "received", encoder.encode(shown));
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.listeners]) listener();
    this.#options.changed();
  }
}
