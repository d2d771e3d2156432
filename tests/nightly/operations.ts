/**
 * A drill: fifty pairs talk over TLS, some vanish and come back, while an operator reloads, swaps the certificate, denies, kicks and at the
 * end drains, and a monitor reads the metrics every second: operations.ts [SECONDS]. No message may have a false outcome, and the
 * figures must add up, and be those that the clients have seen.
 *
 * @module
 */

import { readOpenMetrics, type Series, sumOf } from "../../lib/server/admin/testing/open_metrics.ts";
import { makeAuthority } from "../../lib/transport/testing/certificates.ts";
import { askUnix } from "../admin_client.ts";
import { startServer } from "../program.ts";

const [seconds = 60] = Deno.args.map(Number);
const PAIRS = 50;
/** How often somebody vanishes, an operator does something, and a monitor looks, in milliseconds. */
const VANISHING_MS = 150;
const OPERATION_MS = 700;
const SCRAPE_MS = 1_000;

const encoder = new TextEncoder();
const violations: string[] = [];
/** What became of all messages, as clients know it. */
const seen = { sent: 0, delivered: 0, refused: 0, lost: 0, vanished: 0, kicked: 0, refusedConnections: 0 };
/** What has arrived, and in whose life. */
const arrived = new Map<string, Life>();
let isOver = false;

function pass(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}

const authority = await makeAuthority("an authority");
const folder = await Deno.makeTempDir();
const file = (name: string) => `${folder}/${name}`;
const certificates = await Promise.all([authority.sign(), authority.sign()]);

/** Puts another certificate where the server reads it. */
async function swap(nth: number): Promise<void> {
  const { cert, key } = certificates[nth % certificates.length]!;
  await Deno.writeTextFile(file("key.pem"), key);
  await Deno.writeTextFile(file("cert.pem"), cert);
}

/** A connection that is read line by line, and by length. */
class Wire {
  readonly #connection: Deno.TlsConn;
  readonly #buffer = new Uint8Array(16_384);
  #text = "";

  constructor(connection: Deno.TlsConn) {
    this.#connection = connection;
  }

  static async open(port: number): Promise<Wire> {
    return new Wire(await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [authority.cert] }));
  }

  async say(text: string): Promise<void> {
    await this.#connection.write(encoder.encode(text));
  }

  /** The next piece that matches; `undefined` once it is closed. */
  async match(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return match;
      }
      const size = await this.#connection.read(this.#buffer).catch(() => null);
      if (size === null) return undefined;
      this.#text += new TextDecoder().decode(this.#buffer.subarray(0, size));
    }
  }

  close(): void {
    try {
      this.#connection.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/** Both connections of a user; closing them is vanishing. */
interface Life {
  readonly sending: Wire;
  readonly receiving: Wire;
  close(): void;
}

async function register(name: string, port: number): Promise<Life | undefined> {
  const wires: Wire[] = [];
  const close = () => wires.forEach((wire) => wire.close());
  try {
    for (const side of ["TOSEND", "TORECV"]) {
      const wire = await Wire.open(port);
      wires.push(wire);
      await wire.say(`REGISTER ${side} ${name}\n\n`);
      const answer = await wire.match(/^(REGISTERED|ERROR)[^]*?\n\n/);
      if (answer?.[1] !== "REGISTERED") throw new Error("not registered");
    }
    return { sending: wires[0]!, receiving: wires[1]!, close };
  } catch {
    // The name is not free yet, the operator has denied us, or the server drains.
    seen.refusedConnections++;
    close();
    return undefined;
  }
}

const lives = new Map<string, Life>();

/** Lives again and again until the end. */
async function exist(name: string, port: number, live: (life: Life) => Promise<void>): Promise<void> {
  while (!isOver) {
    const life = await register(name, port);
    if (life !== undefined) {
      lives.set(name, life);
      await live(life).catch(() => {});
      lives.delete(name);
      life.close();
    }
    await pass(20);
  }
}

/** Sends one message after the other, each with its number, and holds the outcomes against what has arrived. */
function sender(nth: number): (life: Life) => Promise<void> {
  let number = 0;
  return async ({ sending }) => {
    /** Whether the last answer may have been the server's farewell, which no message was taken for. */
    let isFarewell = false;
    while (!isOver) {
      const text = `${nth}.${++number}.`;
      seen.sent++;
      await sending.say(`SEND r${nth}\nContent-length: ${text.length}\n\n${text}`);
      const outcome = await sending.match(/^(?:SENT r\d+\n\n|ERROR (\d+)[^]*?\n\n)/);
      if (outcome === undefined) {
        seen.lost++;
        if (isFarewell) seen.refused--;
        return;
      }
      isFarewell = outcome[1] !== undefined;
      if (isFarewell) {
        seen.refused++;
        void lookAtRefusal(`r${nth}`, text);
      } else {
        seen.delivered++;
        if (!arrived.has(text)) violations.push(`${text} is told to be delivered, and has not arrived`);
      }
    }
  };
}

/** Whoever has acknowledged a message, and is still there when that would have been noticed, has it. */
async function lookAtRefusal(name: string, text: string): Promise<void> {
  const life = arrived.get(text);
  if (life === undefined) return;
  await pass(500);
  if (lives.get(name) === life) violations.push(`${text} was acknowledged by ${name}, and its sender told otherwise`);
}

function recipient(nth: number): (life: Life) => Promise<void> {
  return async (life) => {
    const { receiving } = life;
    for (;;) {
      const message = await receiving.match(/^FORWARD (s\d+)\nContent-length: \d+\n\n(\d+\.\d+\.)/);
      if (message === undefined) return;
      const [, from, text] = message;
      if (arrived.has(text!)) violations.push(`${text} has arrived twice, at r${nth}`);
      arrived.set(text!, life);
      await receiving.say(`RECEIVED ${from}\n\n`);
    }
  };
}

await swap(0);
const path = file("admin.sock");
const { server, ports } = await startServer(
  "--admin",
  `unix:${path}`,
  "--tls-cert",
  file("cert.pem"),
  "--tls-key",
  file("key.pem"),
  "--drain-timeout",
  "10s",
);
await using _ = server;
const port = ports.get("relay")!;

/** What was read last, and how often something was in flight. */
let last: Series | undefined;
let scrapes = 0;
let busy = 0;

function hold(isTrue: boolean, what: string): void {
  if (!isTrue) violations.push(what);
}

async function scrape(): Promise<Series> {
  const { text } = await askUnix(path, "GET", "/metrics");
  const series = readOpenMetrics(text);
  scrapes++;
  for (const dialect of ["relay", "server"]) {
    const [accepted, settled, inFlight] = ["accepted_total", "settled_total", "in_flight"]
      .map((name) => sumOf(series, `chat_messages_${name}`, { dialect }));
    hold(accepted === settled! + inFlight!, `${dialect}: ${accepted} taken, ${settled} settled, ${inFlight} in flight`);
    if (dialect !== "relay") continue;
    if (inFlight! > 0) busy++;
    hold(inFlight! >= 0 && inFlight! <= PAIRS, `${inFlight} in flight, of ${PAIRS} who wait for each`);
    // What a client was told is known to the server, and what it has sent may be on its way.
    hold(accepted! <= seen.sent, `${accepted} taken, and ${seen.sent} sent`);
  }
  const until = sumOf(series, "chat_certificate_expiry_timestamp_seconds") * 1_000;
  hold(until > Date.now() + 300 * 24 * 3_600_000, `the certificate is said to expire at ${new Date(until)}`);
  for (const [name, value] of last ?? []) {
    if (/_(total|count|bucket)(\{|$)/.test(name)) {
      hold((series.get(name) ?? 0) >= value, `${name} fell from ${value} to ${series.get(name)}`);
    }
  }
  last = series;
  return series;
}

async function again(interval: number, act: (nth: number) => Promise<unknown>): Promise<void> {
  for (let nth = 1; !isOver; nth++) {
    await pass(interval);
    if (!isOver) await act(nth);
  }
}

function pick<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

async function told(target: string, value?: unknown, ...statuses: number[]): Promise<void> {
  const { status, text } = await askUnix(path, "POST", target, value);
  hold([200, ...statuses].includes(status), `${target} ${JSON.stringify(value)}: ${status} ${text}`);
}

let swaps = 0;
/** What an operator does in turn. */
const OPERATIONS: readonly (() => Promise<void>)[] = [
  () => told("/say", { text: "all is well", to: pick([...lives.keys()]) ?? "nobody" }, 404, 409),
  async () => {
    await swap(++swaps);
    await told("/reload");
  },
  async () => {
    const name = pick([...lives.keys()]);
    if (name === undefined) return; // Nobody is back yet.
    seen.kicked++;
    await told("/kick", { name }, 404);
  },
  async () => {
    await told("/deny", { network: "127.0.0.0/8" });
    await pass(300);
    await told("/allow", { network: "127.0.0.0/8" });
  },
  () => told("/deny", { address: "198.51.100.7" }),
];

const users = Array.from({ length: PAIRS }, (_, nth) => [
  exist(`s${nth}`, port, sender(nth)),
  exist(`r${nth}`, port, recipient(nth)),
]).flat();
const chores = [
  again(SCRAPE_MS, scrape),
  again(OPERATION_MS, (nth) => OPERATIONS[nth % OPERATIONS.length]!()),
  again(VANISHING_MS, () => {
    const [name] = pick([...lives]) ?? [];
    if (name !== undefined) {
      seen.vanished++;
      lives.get(name)?.close();
    }
    return Promise.resolve();
  }),
];
await pass(seconds * 1_000);
// The last operation, amid all of it.
await told("/drain", undefined, 202);
isOver = true;
await Promise.all([...users, ...chores]);
while ((await askUnix(path, "GET", "/status").then(({ text }) => JSON.parse(text).state)) !== "drained") {
  await pass(100);
}
const end = await scrape();
const settled = (outcome?: string) =>
  sumOf(end, "chat_messages_settled_total", { dialect: "relay", ...outcome !== undefined && { outcome } });
hold(sumOf(end, "chat_messages_in_flight") === 0, "something is in flight at the end");
hold(sumOf(end, "chat_connections") === 0, "somebody is connected at the end");
// Whose sender has gone before being told are in the server's figures alone.
hold(settled("delivered") >= seen.delivered, `${seen.delivered} told to be delivered, ${settled("delivered")} counted`);
hold(settled() >= seen.delivered + seen.refused, `${seen.delivered + seen.refused} told, ${settled()} counted`);
hold(settled() <= seen.sent, `${seen.sent} sent, ${settled()} counted`);
hold(busy > 0 || seconds < 5, "nothing was ever in flight");
server.signal("SIGTERM");
const { status, stderr } = await server.finished();
hold(status === 0, `the server has ended with ${status}`);
hold(!/fault|error of our own/.test(stderr), stderr);
await Deno.remove(folder, { recursive: true });
const summary = {
  scrapes,
  busy,
  swaps,
  arrived: arrived.size,
  ...seen,
  settled: settled(),
  violations: violations.length,
};
Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(summary)}\n`));
for (const violation of violations.slice(0, 20)) Deno.stdout.writeSync(encoder.encode(`${violation}\n`));
Deno.exit(violations.length === 0 ? 0 : 1);
