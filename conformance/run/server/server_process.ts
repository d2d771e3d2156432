/**
 * A server that is started for a run.
 *
 * @module
 */

import { addressText } from "../../../lib/core/address.ts";
import { ChatError } from "../../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink } from "../../../lib/core/link.ts";
import { REAL_TIME } from "../../../lib/transport/real_time.ts";
import { connectTcp, listenTcp, type TcpConnectOptions } from "../../../lib/transport/tcp.ts";
import { sleep, unlessAborted } from "../../play/sleep.ts";
import { commandFor, type ServerCommand } from "./command.ts";
import { type ProcessFigures, processFigures } from "./process_figures.ts";
import { StartedServer, within } from "./started_server.ts";

/** How to start a server. */
export interface ServerProcessOptions {
  /** What starts it. */
  readonly command: ServerCommand;
  /** Where it listens. */
  readonly hostname: string;
  /** Its port; without one, any that is free, which its command gets. */
  readonly port?: number | undefined;
  /** How long it may take from its start to its first connection, in milliseconds. */
  readonly startTimeout: number;
  /** Told what is waited for, in a line for people. */
  readonly onNote?: (text: string) => void;
  /** Gives up waiting. */
  readonly interrupted?: AbortSignal | undefined;
}

/** The time between attempts to connect to a server that is starting, in milliseconds. */
const BETWEEN_TRIES = 25;
/**
 * For so long the system may keep a port for connections that are over (TIME_WAIT), from who does not say SO_REUSEADDR: a minute, and
 * a moment for us to see it, in milliseconds.
 */
const PORT_HELD = 63_000;
/** The time between attempts to start a server whose port is held, in milliseconds. */
const BETWEEN_STARTS = 1_000;
/** The words of a program that cannot have its port, as Python, Node, Java, C and Windows have them. */
const PORT_TAKEN = /address (?:is )?already in use|EADDRINUSE|Errno 98|Errno 48|10048|only one usage of each socket/i;
/** How long the output of a server that has ended may take to arrive, in milliseconds. */
const LAST_OUTPUT = 250;

/** One server, which can be started any number of times, one after the other. */
export class ServerProcess {
  readonly #options: ServerProcessOptions;
  #endpoint: Endpoint;
  #run: StartedServer | undefined;
  #starts = 0;
  #relaunching: Promise<boolean> | undefined;
  /** Since when the system keeps the port from it. */
  #heldSince: number | undefined;
  /** Whether it was said that this is waited for. */
  #hasTold = false;
  /** What it wrote last, if its last start has ended by itself. */
  #lastWords: string[] = [];

  constructor(options: ServerProcessOptions) {
    this.#options = options;
    this.#endpoint = { hostname: options.hostname, port: options.port ?? 0 };
  }

  /** Where it listens; a free port is chosen anew for each start, because the last one may still be taken. */
  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** Whether it gets another port at each start. */
  get choosesPort(): boolean {
    return (this.#options.port ?? 0) === 0;
  }

  /** Another one of the same kind, to be started besides this one. */
  another(): ServerProcess {
    return new ServerProcess(this.#options);
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** Whether it was started, and has ended by itself. */
  get hasEnded(): boolean {
    return this.#run?.status !== undefined;
  }

  /** Settles when it has ended; nothing where it was never started. */
  get ended(): Promise<void> | undefined {
    return this.#run?.ended;
  }

  /** Whether it has taken a connection since it was started. */
  get hasAccepted(): boolean {
    return this.#run?.hasAccepted ?? false;
  }

  /** What it and all that it has started take of the system; nothing where that does not tell, or it has ended. */
  async figures(): Promise<ProcessFigures | undefined> {
    return this.#run === undefined || this.hasEnded ? undefined : await processFigures(this.#run.group);
  }

  /** How it ended: `with exit status 1`. */
  get ending(): string {
    const status = this.#run?.status;
    if (status === undefined) return "not at all";
    return status.signal === null ? `with exit status ${status.code}` : `by the signal ${status.signal}`;
  }

  /** How many characters it has written since it was started. */
  get outputLength(): number {
    return this.#run?.output.length ?? 0;
  }

  /** The last lines of what it has written since then, fit for a terminal. */
  outputSince(length: number): string[] {
    return this.#run?.output.since(length) ?? [];
  }

  /** The last lines that it wrote, fit for a terminal. */
  get lastOutput(): string[] {
    return this.#run?.output.tail ?? [];
  }

  /** The last lines that it wrote if it has ended by itself since it was started last, also if it was stopped behind that; fit for a terminal. */
  async lastWords(): Promise<string[]> {
    if (this.#run === undefined || !this.hasEnded) return this.#lastWords;
    await within(this.#run.output.ended, LAST_OUTPUT);
    return this.lastOutput;
  }

  /**
   * Starts it, unless it runs already. It may take a while until it accepts connections.
   *
   * @throws {ChatError} `server-command` if there is no such program, `port-in-use` if another program listens on its port,
   * `shortage` if the system is short of what it takes.
   */
  async start(): Promise<void> {
    if (this.#run !== undefined && !this.hasEnded) return;
    this.#heldSince = undefined;
    await this.#launch();
    this.#starts++;
  }

  /** Starts it once its port is free. */
  async #launch(): Promise<void> {
    await this.#run?.forget();
    this.#run = undefined;
    this.#lastWords = [];
    const { command, hostname, port = 0 } = this.#options;
    for (;;) {
      try {
        this.#endpoint = { hostname, port: await freePort({ hostname, port }) };
        break;
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== "port-in-use" || await isListening({ hostname, port })) {
          throw error;
        }
        if (!await this.#waitsForPort()) {
          throw new ChatError("port-in-use", `the system keeps port ${port} for too long`);
        }
      }
    }
    this.#run = new StartedServer(commandFor(command, this.#endpoint));
  }

  /**
   * Starts a server again that has ended because the system keeps its port, though nobody listens there, as far as we can see. Says
   * whether it was that.
   */
  #relaunch(ended: StartedServer): Promise<boolean> {
    return this.#relaunching ??= this.#relaunchOnce(ended).finally(() => this.#relaunching = undefined);
  }

  async #relaunchOnce(ended: StartedServer): Promise<boolean> {
    if (this.#run !== ended) return this.#run !== undefined;
    await this.ends(0);
    const isHeld = this.#options.port !== undefined && ended.output.tail.some((line) => PORT_TAKEN.test(line));
    if (!isHeld || !await this.#waitsForPort() || this.#run !== ended) return false;
    await this.#launch();
    return true;
  }

  /** Waits a moment for a port that the system keeps for connections that are over; says whether it may. */
  async #waitsForPort(): Promise<boolean> {
    const { port, onNote, interrupted } = this.#options;
    if (!this.#hasTold) {
      onNote?.(
        `the system keeps port ${port} for connections that are over: waiting for it, up to a minute each time ` +
          "(a server that sets SO_REUSEADDR before it binds need not wait)",
      );
    }
    this.#hasTold = true;
    this.#heldSince ??= performance.now();
    if (performance.now() - this.#heldSince > PORT_HELD) return false;
    await sleep(REAL_TIME, BETWEEN_STARTS, interrupted);
    return true;
  }

  /** Connects to it. While it is starting, tries until it accepts. Throws `unreachable`, or what `signal` was aborted with. */
  async connect(options: TcpConnectOptions): Promise<HalfClosingLink> {
    const { signal = new AbortController().signal } = options;
    for (;;) {
      const run = this.#run;
      if (run === undefined) throw new Error("the server was not started");
      try {
        const link = await connectTcp(this.#endpoint, options);
        run.hasAccepted = true;
        return link;
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof ChatError && cause.code === "shortage") throw cause;
        if (run.hasAccepted && !this.hasEnded) throw cause;
        if (this.hasEnded && !run.hasAccepted && await unlessAborted(this.#relaunch(run), signal)) continue;
        const time = `${this.#options.startTimeout / 1000} s`;
        const message = this.hasEnded
          ? `the server has ended ${this.ending}`
          : `the server takes no connection on ${addressText(this.#endpoint)} within ${time} of its start`;
        if (this.hasEnded || performance.now() - run.startedAt > this.#options.startTimeout) {
          throw new ChatError("unreachable", message, { cause });
        }
      }
      await sleep(REAL_TIME, BETWEEN_TRIES, signal);
    }
  }

  /** Notes that it has answered, where connecting does not show that it is there. */
  answered(): void {
    if (this.#run !== undefined) this.#run.hasAccepted = true;
  }

  /** Waits until it has ended, and its output has arrived; at most so many milliseconds. */
  async ends(milliseconds: number): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    await within(run.ended, milliseconds);
    if (this.hasEnded) await within(run.output.ended, LAST_OUTPUT);
  }

  /** Whether the system can stop it for a moment. */
  get canFreeze(): boolean {
    return Deno.build.os !== "windows";
  }

  /** Stops it, and all that it has started, or has it go on; it must go on before it is ended. Does nothing on Windows, or once it has ended. */
  freeze(isStopped: boolean): void {
    if (!this.hasEnded) this.#run?.freeze(isStopped);
  }

  /** Ends it, and all that it has started: with SIGTERM first, and soon with SIGKILL. */
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run?.status !== undefined) {
      await within(run.output.ended, LAST_OUTPUT);
      if (this.#run === undefined) this.#lastWords = run.output.tail;
    }
    await run?.stop();
  }
}

/** Whether somebody takes connections there. */
async function isListening(endpoint: Endpoint): Promise<boolean> {
  try {
    (await connectTcp(endpoint)).abort("done");
    return true;
  } catch {
    return false;
  }
}

/** The port, if it is free; any free one for 0. */
async function freePort(endpoint: Endpoint): Promise<number> {
  const listener = listenTcp(endpoint, {}, (link) => link.abort("refused"));
  listener.close();
  // It is free a turn of the event loop later.
  await new Promise((resolve) => setTimeout(resolve));
  return listener.endpoint.port;
}
