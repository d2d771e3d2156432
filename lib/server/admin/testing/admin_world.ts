/**
 * A server with an admin port, in the simulation.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../../../core/link.ts";
import { OverheardLog } from "../../log/overheard_log.ts";
import { Server, type ServerOptions } from "../../server.ts";
import { World } from "../../../simulation/world.ts";
import { Admin } from "../admin.ts";

/** The token that is good. */
export const TOKEN = "correct-horse-battery-staple";
/** The port of operators, and those of the dialects. */
const ADMIN = 9100;
const PORTS = { relay: 4000, frame: 4255, slash: 5555, room: 5000, group: 4000 } as const;
/** Where the server is. */
export const HOST = "192.0.2.9";

const OPTIONS: ServerOptions = {
  host: HOST,
  ports: Object.fromEntries(Object.entries(PORTS).map(([dialect, port]) => [dialect, { port, asked: true }])),
  retired: {},
  ackTimeout: 5_000,
  maxMessage: 65_536,
  maxQueue: 1 << 20,
  maxQueued: 1 << 28,
  broadcastRate: 10_000,
  unprovenBudget: 16_384,
  writeTimeout: 10_000,
  drainTimeout: 10_000,
  maxConnections: 10_000,
  maxPerAddress: 1_000,
  connectRate: 1_000,
  limitLoopback: false,
  allow: [],
  deny: [],
  registrationTimeout: 20_000,
  messageTimeout: 30_000,
  idleTimeout: undefined,
  rate: 10_000,
};

/** What came back on a connection. */
export interface HttpAnswer {
  /** 200, for example; 0 if it was closed without any. */
  readonly status: number;
  /** All before the body. */
  readonly head: string;
  /** The body. */
  readonly text: string;
}

/** A server, its operators, and what they ask. */
export class AdminWorld {
  /** Time and the network. */
  readonly world: World;
  /** The server. */
  readonly server: Server;
  /** What operators ask. */
  readonly admin: Admin;
  /** Each line of the log. */
  readonly log: readonly string[];
  /** Where the token is read. */
  readonly tokenFile: string;

  private constructor(world: World, server: Server, admin: Admin, log: readonly string[], tokenFile: string) {
    this.tokenFile = tokenFile;
    this.world = world;
    this.server = server;
    this.admin = admin;
    this.log = log;
  }

  /** Has `act` done with a server, and stops it. */
  static async run(act: (there: AdminWorld) => Promise<void>, options: Partial<ServerOptions> = {}): Promise<void> {
    const world = new World({ seed: 21 });
    const surroundings = { runtime: world.runtime, network: world.net.host(HOST) };
    const lines: string[] = [];
    const log = (level: string, text: string, about?: object) => {
      if (level !== "debug") lines.push(`${level} ${text} ${JSON.stringify(about)}`);
    };
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, `${TOKEN}\nand a note\n`);
      // Before virtual time begins: code is loaded in real time.
      const server = await Server.start({ ...OPTIONS, ...options }, log, undefined, surroundings);
      const choice = { place: { endpoint: { hostname: HOST, port: ADMIN } }, tokenFiles: [file] };
      const overheard = new OverheardLog(log);
      const again = () => {
        const faults = admin.readTokens(overheard.log);
        return Promise.resolve({ changed: [], kept: [], faults });
      };
      const subject = {
        server,
        certificateUntil: () => undefined,
        reloading: { again, log: overheard },
      };
      const admin = await Admin.open(choice, subject, surroundings, log);
      await world.run(async () => {
        await act(new AdminWorld(world, server, admin, lines, file));
        await server.stop();
        await admin.close();
      });
    } finally {
      await Deno.remove(file);
    }
  }

  /** Connects to a dialect's port, from some address. */
  connect(dialect: Exclude<keyof typeof PORTS, "group">, from = "192.0.2.1"): Promise<HalfClosingLink> {
    return this.world.net.host(from).connect({ hostname: HOST, port: PORTS[dialect] });
  }

  /** Where group's clients send their datagrams. */
  get group(): Endpoint {
    return { hostname: HOST, port: PORTS.group };
  }

  /** Connects to the operators' port. */
  knock(): Promise<HalfClosingLink> {
    const endpoint: Endpoint = { hostname: HOST, port: ADMIN };
    return this.world.network.connect(endpoint, { lingerTimeout: 100 });
  }

  /** Writes some pieces, a tenth of a second apart, and waits for what comes until the connection is closed. */
  async send(...pieces: string[]): Promise<HttpAnswer> {
    const link = await this.knock();
    const answer = heard(link);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) await this.pass(100);
      link.write(new TextEncoder().encode(piece));
    }
    return await answer;
  }

  /** Asks with the token, and sends JSON, if there is any. */
  async ask(
    method: string,
    path: string,
    body?: unknown,
    fields: Record<string, string> = {},
    text = body === undefined ? "" : JSON.stringify(body),
  ): Promise<HttpAnswer> {
    const all = {
      Host: `${HOST}:${ADMIN}`,
      Authorization: `Bearer ${TOKEN}`,
      ...method === "POST" && { "Content-Type": "application/json" },
      ...text !== "" && { "Content-Length": String(new TextEncoder().encode(text).length) },
      ...fields,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return await this.send(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`);
  }

  /** Lets time pass, in milliseconds. */
  pass(delay: number): Promise<void> {
    return new Promise((resolve) => void this.world.runtime.after(delay, resolve));
  }
}

/** All that comes on a link until it is closed. */
export function heard(link: HalfClosingLink): Promise<HttpAnswer> {
  let all = "";
  return new Promise((resolve) =>
    link.start({
      receive: (bytes) => void (all += new TextDecoder().decode(bytes)),
      ended: () => link.end("done"),
      closed: () => {
        const [head = "", text = ""] = all.replace("HTTP/1.1 100 Continue\r\n\r\n", "").split(/\r\n\r\n(.*)/s);
        resolve({ status: Number(head.split(" ")[1] ?? 0), head, text });
      },
    })
  );
}
