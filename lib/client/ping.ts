/**
 * `chat connect --ping`: whether a server answers in its dialect, asked by somebody who does not become a user.
 *
 * @module
 */

import { type Address, addressText } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../core/link.ts";
import type { Runtime } from "../core/runtime.ts";
import { visibleText } from "../core/visible.ts";
import type { AnyDialect, ClientPort } from "../dialects/dialect.ts";
import { DIALECTS, findDialect } from "../dialects/registry.ts";
import { likenessOf, LOOKED_AT, silenceWords } from "../dialects/wrong_server.ts";
import type { TrustFiles } from "../transport/tls/tls.ts";

/** Whom to ask, and for how long. */
export interface PingOptions {
  /** The server; on this machine, and on the dialect's own port, unless it says another. */
  readonly server?: Address | undefined;
  /** The dialect's name, as the registry spells it. */
  readonly dialect: string;
  /** Whom to trust, if TLS is to be spoken. */
  readonly tls?: TrustFiles | undefined;
  /** How long all of it may take, in milliseconds. */
  readonly timeout: number;
}

/** What asking takes of the world. */
export interface PingSurroundings {
  /** The time. */
  readonly runtime: Pick<Runtime, "now" | "after">;
  /** Opens a link to a server. Rejects with a `ChatError`, or with what `signal` was aborted with. */
  dial(server: Endpoint, signal: AbortSignal, tls?: TrustFiles): Promise<HalfClosingLink>;
  /** Opens a port for datagrams to a server. Rejects in the same way. */
  openPort(server: Endpoint, signal: AbortSignal): Promise<Pick<ClientPort, "port" | "server">>;
}

/** A server that has answered. */
export interface Pong {
  /** Where it is. */
  readonly server: string;
  /** What it speaks. */
  readonly dialect: string;
  /** How long it took to connect and to be answered, in milliseconds. */
  readonly took: number;
}

/** How long a question in a datagram waits until it is asked again, in milliseconds. */
const AGAIN_MS = 500;
/** How long a server may take to close when we leave, in milliseconds. */
const CLOSING_MS = 100;
/** How much of what a server has said is repeated, in characters. */
const EXCERPT = 60;

/** A question on its way: what it is about, and when it is given up. */
interface Inquiry {
  readonly dialect: AnyDialect;
  readonly server: string;
  readonly runtime: PingSurroundings["runtime"];
  readonly signal: AbortSignal;
}

/**
 * Asks a server whether it is there. Nobody has joined when it has answered, as far as the dialect lets us do without, and the
 * connection is closed.
 *
 * @throws {ChatError} `unreachable` for a server that cannot be reached, does not answer in time, or speaks something else, with
 * what it speaks where that can be told.
 */
export async function pingServer(options: PingOptions, surroundings: PingSurroundings): Promise<Pong> {
  const dialect = findDialect(options.dialect) ?? DIALECTS[0];
  const { hostname, port = dialect.defaultPort } = options.server ?? { hostname: "127.0.0.1" };
  const endpoint = { hostname, port };
  const { runtime } = surroundings;
  const givingUp = new AbortController();
  const inquiry = { dialect, server: addressText(endpoint), runtime, signal: givingUp.signal };
  const begun = runtime.now();
  let hasReached = false;
  const deadline = runtime.after(options.timeout, () => givingUp.abort(tooLate(inquiry, hasReached, options.timeout)));
  try {
    if (dialect.transport === "udp") {
      if (options.tls !== undefined) {
        throw new ChatError("usage", `${dialect.name} speaks datagrams, and TLS needs a stream: leave out --tls`);
      }
      const opened = await surroundings.openPort(endpoint, givingUp.signal);
      hasReached = true;
      await askByDatagrams(inquiry, opened);
    } else {
      const link = await surroundings.dial(endpoint, givingUp.signal, options.tls);
      hasReached = true;
      await askOverLink(inquiry, endpoint, link);
    }
    return { server: inquiry.server, dialect: dialect.name, took: runtime.now() - begun };
  } finally {
    deadline.cancel();
  }
}

function tooLate({ server, dialect }: Inquiry, hasReached: boolean, timeout: number): ChatError {
  const span = `${timeout / 1_000} s`;
  if (!hasReached) return failure(`cannot reach ${server}: it does not answer within ${span}`);
  return failure(`${server} does not answer within ${span}: ${silenceWords(dialect.name)}`);
}

function failure(text: string): ChatError {
  return new ChatError("unreachable", text);
}

/** Resolves when the answer has come and the link is closed, or as good as closed. */
async function askOverLink(inquiry: Inquiry, endpoint: Endpoint, link: HalfClosingLink): Promise<void> {
  const { dialect: { ping }, runtime, signal } = inquiry;
  const closed = Promise.withResolvers<void>();
  const reply = new Reply(inquiry, () => closed.resolve());
  link.start(reply);
  let hasAsked = false;
  const ask = () => {
    hasAsked = true;
    link.write(bytesOf(ping.question!({ server: endpoint, port: 0 })));
  };
  const patience = ping.question && runtime.after(ping.patience ?? 0, () => reply.hasHeard || ask());
  const giveUp = () => reply.fail(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    await reply.answered;
    if (hasAsked && ping.farewell !== undefined) link.write(bytesOf(ping.farewell));
    link.end("done");
    const late = runtime.after(CLOSING_MS, () => closed.resolve());
    await closed.promise;
    late.cancel();
  } finally {
    signal.removeEventListener("abort", giveUp);
    patience?.cancel();
    link.abort("done");
  }
}

/** Resolves when the answer has come, asks again for as long as it has not. */
async function askByDatagrams(
  inquiry: Inquiry,
  { port, server }: Pick<ClientPort, "port" | "server">,
): Promise<void> {
  const { dialect: { ping }, runtime, signal } = inquiry;
  const reply = new Reply(inquiry, () => {});
  port.start({
    receive: (bytes, from) => {
      if (from.hostname === server.hostname && from.port === server.port) reply.receive(bytes);
    },
    closed: () => {},
  });
  let again = { cancel: () => {} };
  const ask = () => {
    port.send(bytesOf(ping.question!({ server, port: port.local.port })), server);
    again = runtime.after(AGAIN_MS, ask);
  };
  ask();
  const giveUp = () => reply.fail(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    await reply.answered;
  } finally {
    signal.removeEventListener("abort", giveUp);
    again.cancel();
    port.close("done");
  }
}

/** Listens to what a server says, until that is an answer or cannot become one. */
class Reply implements LinkHandler {
  readonly #inquiry: Inquiry;
  readonly #onClosed: () => void;
  readonly #answered = Promise.withResolvers<void>();
  #heard = new Uint8Array();

  constructor(inquiry: Inquiry, onClosed: () => void) {
    this.#inquiry = inquiry;
    this.#onClosed = onClosed;
  }

  /** Resolves with the answer, and rejects if there is none. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** Whether the server has said anything. */
  get hasHeard(): boolean {
    return this.#heard.length > 0;
  }

  /** There is no answer. */
  fail(error: unknown): void {
    this.#answered.reject(error);
  }

  receive(bytes: Uint8Array): void {
    const { dialect, server } = this.#inquiry;
    const room = LOOKED_AT - this.#heard.length;
    if (room <= 0) return;
    this.#heard = new Uint8Array([...this.#heard, ...bytes.subarray(0, room)]);
    const wrong = likenessOf(dialect.name, this.#heard);
    if (wrong !== undefined) {
      const { protocol, isDialect } = wrong;
      const remedy = protocol === "TLS" ? ": add --tls" : isDialect ? `: ask with --dialect ${protocol}` : "";
      const verb = wrong.isCertain ? "speaks" : "seems to speak";
      return this.fail(failure(`${server} ${verb} ${protocol}, not ${dialect.name}${remedy}`));
    }
    if (dialect.ping.answer.test(new TextDecoder("latin1").decode(this.#heard))) this.#answered.resolve();
    else if (this.#heard.length >= LOOKED_AT) {
      this.fail(failure(`${server} ${this.#said()}, which is no ${dialect.name}`));
    }
  }

  ended(): void {
    const { dialect, server } = this.#inquiry;
    const what = this.hasHeard ? this.#said() : "has said nothing";
    this.fail(failure(`${server} ${what} and closes the connection: it is full, or speaks no ${dialect.name}`));
  }

  closed(): void {
    this.ended();
    this.#onClosed();
  }

  /** What has been heard, in a few words that are fit for a terminal. */
  #said(): string {
    const text = new TextDecoder().decode(this.#heard).trim();
    return `says "${visibleText(text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT)}…`)}"`;
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
