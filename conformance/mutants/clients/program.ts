/**
 * A client program in memory: lines that are typed go in, what it shows comes out, and it connects over whatever network there is.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";
import type { Endpoint, HalfClosingLink } from "../../../lib/core/link.ts";
import type { Network, Runtime, Surroundings, Timer } from "../../../lib/core/runtime.ts";
import { ClientHost } from "../../client/client_host.ts";
import type { ClientPlace, ClientRun, Launch, ProgramEnd } from "../../client/client_run.ts";
import { Screen } from "../../client/screen.ts";
import type { Start } from "../mutant.ts";

/** What its network is: the machine that plays to it. */
const HOST = "127.0.0.1";
/** What is shown takes so long to be read, in milliseconds, as through a pipe. */
const PIPE = 0.2;

const encoder = new TextEncoder();

/** What a program does: it is told of each line, and of each part of one that is typed. */
export interface ClientProgram {
  /** It is started. */
  start(): void;
  /** Its user has typed a line. */
  line(text: string): void;
  /** Its user has begun a line that is not finished. */
  begun?(): void;
}

/** What a program has around it. */
export interface ProgramIo {
  /** Where it is. */
  readonly place: ClientPlace;
  /** The time. */
  readonly runtime: Runtime;
  /** Shows a line. */
  show(text: string): void;
  /** Ends it, with this exit status. */
  end(status: number): void;
  /** Adds a line to a file. */
  keep(file: string, line: string): void;
  /** Does something again and again, so many milliseconds apart, until it is stopped. */
  repeat(interval: number, act: () => void): void;
  /** Takes all the processor time there is from now on. */
  spin(): void;
  /** Connects to the server; gives nothing if nobody listens. */
  connect(): Promise<HalfClosingLink | undefined>;
  /** Opens the port that it was given, or any one. */
  openPort(port: number): DatagramPort;
}

/** Makes a program. */
export type MakeClientProgram = (io: ProgramIo) => ClientProgram;

/** What starts such programs, each of which a run plays to: as a server is started that a run plays against. */
export function startProgram(make: MakeClientProgram): Start {
  return (_settings, { runtime, network }: Surroundings) => {
    const faults: unknown[] = [];
    const launch = launchProgram(make, { runtime, network }, faults);
    const client = new ClientHost({ network, chance: runtime, launch, listen: { hostname: HOST, port: 0 } });
    const stop = () => faults.length > 0 ? Promise.reject(faults[0]) : Promise.resolve();
    return { endpoint: { hostname: HOST, port: 0 }, client, stop };
  };
}

/** What starts such programs wherever there is a network. What they throw is added to `faults`. */
export function launchProgram(make: MakeClientProgram, { runtime, network }: Surroundings, faults: unknown[]): Launch {
  return (place) => Promise.resolve(new RunningClientProgram(make, place, runtime, network, faults));
}

/** A program that runs. */
class RunningClientProgram implements ClientRun, ProgramIo {
  onChange = () => {};
  readonly hasTerminal = false;
  readonly screen = new Screen();
  ending: ProgramEnd | undefined;
  readonly place: ClientPlace;
  readonly runtime: Runtime;
  readonly #network: Network;
  readonly #faults: unknown[];
  readonly #program: ClientProgram;
  readonly #links = new Set<HalfClosingLink>();
  readonly #ports = new Set<DatagramPort>();
  readonly #files = new Map<string, string>();
  readonly #repeated: Timer[] = [];
  #typed = "";
  #spinsSince: number | undefined;
  #isOver = false;

  constructor(make: MakeClientProgram, place: ClientPlace, runtime: Runtime, network: Network, faults: unknown[]) {
    this.place = place;
    this.runtime = runtime;
    this.#network = network;
    this.#faults = faults;
    this.#program = make(this);
    this.#later(() => this.#program.start());
  }

  type(text: string): void {
    this.#later(() => {
      this.#typed += text;
      for (let end = this.#typed.indexOf("\n"); end >= 0 && !this.#isOver; end = this.#typed.indexOf("\n")) {
        const line = this.#typed.slice(0, end);
        this.#typed = this.#typed.slice(end + 1);
        this.#program.line(line);
      }
      if (this.#typed !== "" && !this.#isOver) this.#program.begun?.();
    });
  }

  processorTime(): Promise<number | undefined> {
    const now = this.runtime.now();
    return Promise.resolve(now - (this.#spinsSince ?? now));
  }

  filesLike(name: string): Promise<Uint8Array[]> {
    const like = new RegExp(`^${name.split("*").map(RegExp.escape).join(".*")}$`, "s");
    const found = [...this.#files].filter(([file]) => like.test(file));
    return Promise.resolve(found.map(([, text]) => encoder.encode(text)));
  }

  stop(): Promise<void> {
    this.onChange = () => {};
    this.#close();
    return Promise.resolve();
  }

  show(text: string): void {
    this.#later(() => {
      this.screen.show(`${text}\n`);
      this.onChange();
    });
  }

  end(status: number): void {
    if (this.#isOver) return;
    this.#later(() => {
      this.ending = { status, words: `with exit status ${status}` };
      this.onChange();
    });
    this.#close();
  }

  keep(file: string, line: string): void {
    this.#files.set(file, `${this.#files.get(file) ?? ""}${line}\n`);
  }

  repeat(interval: number, act: () => void): void {
    if (!this.#isOver) this.#repeated.push(this.runtime.every(interval, act));
  }

  spin(): void {
    this.#spinsSince ??= this.runtime.now();
  }

  async connect(): Promise<HalfClosingLink | undefined> {
    try {
      const link = await this.#network.connect(this.place.server, { onFault: (error) => this.#faults.push(error) });
      if (this.#isOver) link.abort("done");
      else this.#links.add(link);
      return link;
    } catch {
      // Nobody listens: what becomes of that is for the program to say.
      return undefined;
    }
  }

  openPort(port: number): DatagramPort {
    const opened = this.#network.openPort({ hostname: HOST, port }, { onFault: (error) => this.#faults.push(error) });
    this.#ports.add(opened);
    return opened;
  }

  #close(): void {
    this.#isOver = true;
    for (const timer of this.#repeated) timer.cancel();
    const reason: CloseReason = "left";
    for (const link of this.#links) link.end(reason);
    for (const port of this.#ports) port.close(reason);
  }

  #later(act: () => void): void {
    this.runtime.after(PIPE, () => {
      try {
        act();
      } catch (error) {
        this.#faults.push(error);
      }
    });
  }
}

/** Where a datagram's sender says that it listens, or where it came from. */
export function endpointOf(hostname: string, port: string | number): Endpoint {
  return { hostname, port: Number(port) };
}
