/**
 * One connection of HTTP: a request, its answer, and the end.
 *
 * @module
 */

import type { CloseReason } from "../../../core/close_reason.ts";
import type { Link, LinkHandler } from "../../../core/link.ts";
import type { Runtime, Timer } from "../../../core/runtime.ts";
import { HeadCollector, MAX_HEAD } from "../../../transport/web/http_head.ts";
import { failure, type HttpReply, replyHead, type StreamReply, type WholeReply } from "./reply.ts";
import { type BadHead, parseHead, type RequestHead } from "./request_head.ts";

/** How long a request may take from the connection to its last byte, and its answer from the first byte to the last, in milliseconds. */
const REQUEST_MS = 10_000;
const REPLY_MS = 60_000;
/** The longest body, in bytes. */
const MAX_BODY = 64 * 1024;
/** How much of an answer is written at a time, in bytes: a long one is to fit through the queue of its link. */
const PIECE = 64 * 1024;

/** Who answers. */
export interface Responder {
  /** Looks at a head before its body is read: an answer given here is the whole answer. */
  refuse(head: RequestHead, link: Link): WholeReply | undefined;
  /** Answers a request that was not refused. */
  reply(head: RequestHead, body: Uint8Array, link: Link): HttpReply | Promise<HttpReply>;
  /** Told of an error that answering threw. */
  failed(error: unknown): void;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();
const CONTINUE = encoder.encode("HTTP/1.1 100 Continue\r\n\r\n");

/** Reads one request of a link, answers it, and closes. */
export class Exchange implements LinkHandler {
  readonly #link: Link;
  readonly #responder: Responder;
  readonly #runtime: Pick<Runtime, "after">;
  readonly #onClosed: (exchange: Exchange) => void;
  #timer: Timer;
  readonly #collector = new HeadCollector();
  /** Where the body is gathered, and how much of it has come. */
  #gathered = NOTHING;
  #size = 0;
  #head: RequestHead | undefined;
  #isAnswered = false;
  #isDone = false;
  #endStream: (() => void) | undefined;

  /** @param onClosed called once the link is closed. */
  constructor(
    link: Link,
    responder: Responder,
    runtime: Pick<Runtime, "after">,
    onClosed: (exchange: Exchange) => void,
  ) {
    this.#link = link;
    this.#responder = responder;
    this.#runtime = runtime;
    this.#onClosed = onClosed;
    this.#timer = runtime.after(REQUEST_MS, () => {
      this.#answer(failure(408, "too-slow", `the request was not there within ${REQUEST_MS / 1000} seconds`));
    });
  }

  /** Whether its request has not come as a whole. */
  get isWaiting(): boolean {
    return !this.#isAnswered;
  }

  /** Whether its answer is on its way as a whole, and only the peer's own end is waited for. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Closes at once: others need its place, or the server has stopped. */
  giveUp(): void {
    this.#link.abort("unregistered");
  }

  /** Begins no more, and ends what has no end of its own. */
  stop(): void {
    if (!this.#isAnswered || this.#endStream !== undefined) this.#link.end("shutdown");
  }

  /** Some of the request. */
  receive(bytes: Uint8Array): void {
    if (this.#isAnswered) return;
    const rest = this.#head === undefined ? this.#readHead(bytes) : bytes;
    if (this.#head !== undefined) this.#readBody(this.#head, rest);
  }

  /** The peer will send nothing more. */
  ended(): void {
    // Whoever waits for an answer may have said all.
    if (!this.#isAnswered || this.#endStream !== undefined) this.#link.end("left");
  }

  /** The link is closed. */
  closed(_reason: CloseReason): void {
    this.#timer.cancel();
    this.#isAnswered = true;
    this.#gathered = NOTHING;
    this.#endStream?.();
    this.#endStream = undefined;
    this.#onClosed(this);
  }

  /** Gives what stands behind the head, if that is whole. */
  #readHead(bytes: Uint8Array): Uint8Array {
    const found = this.#collector.push(bytes);
    if (found !== undefined) this.#takeHead(parseHead(found.head));
    else if (this.#collector.isTooLong) {
      this.#answer(failure(431, "too-long", `the head is longer than ${MAX_HEAD} bytes`));
    }
    return found?.rest ?? NOTHING;
  }

  #takeHead(head: RequestHead | BadHead): void {
    if ("why" in head) return this.#answer(failure(head.status, "bad-request", head.why));
    const refused = this.#responder.refuse(head, this.#link);
    if (refused !== undefined) return this.#answer(refused, head.method === "HEAD");
    if (head.bodyLength > MAX_BODY) {
      return this.#answer(failure(413, "too-long", `the body is longer than ${MAX_BODY} bytes`));
    }
    if (head.fields.get("expect")?.toLowerCase() === "100-continue") this.#link.write(CONTINUE);
    this.#head = head;
    this.#gathered = new Uint8Array(head.bodyLength);
  }

  #readBody(head: RequestHead, bytes: Uint8Array): void {
    const taken = bytes.subarray(0, head.bodyLength - this.#size);
    this.#gathered.set(taken, this.#size);
    this.#size += taken.length;
    if (this.#size < head.bodyLength) return;
    const body = this.#gathered;
    this.#gathered = NOTHING;
    this.#isAnswered = true;
    this.#timer.cancel();
    void this.#reply(head, body);
  }

  async #reply(head: RequestHead, body: Uint8Array): Promise<void> {
    let reply: HttpReply;
    try {
      const answer = this.#responder.reply(head, body, this.#link);
      // What is known at once is begun at once: others who ask in this turn are counted behind it.
      reply = answer instanceof Promise ? await answer : answer;
    } catch (error) {
      this.#responder.failed(error);
      reply = failure(500, "fault", "an error of the server's own: the log has it");
    }
    if ("status" in reply || head.method === "HEAD") this.#answer(reply, head.method === "HEAD");
    else this.#begin(reply);
  }

  /** @param isHeadOnly whether the peer wants to know no more than what the answer would be. */
  #answer(reply: HttpReply, isHeadOnly = false): void {
    this.#isAnswered = true;
    this.#gathered = NOTHING;
    this.#timer.cancel();
    this.#timer = this.#runtime.after(REPLY_MS, () => this.#link.abort("slow-reader"));
    const body = "status" in reply ? bytesOf(reply.body) : undefined;
    this.#link.write(replyHead(reply, body?.length));
    if (body === undefined || isHeadOnly) this.#finish();
    else this.#write(body);
  }

  #write(rest: Uint8Array): void {
    this.#link.write(rest.subarray(0, PIECE));
    if (rest.length <= PIECE) return this.#finish();
    this.#link.flushed((isOpen) => {
      if (isOpen) this.#write(rest.subarray(PIECE));
    });
  }

  #finish(): void {
    this.#link.flushed((isOpen) => this.#isDone = isOpen);
    this.#link.end("done");
  }

  #begin(reply: StreamReply): void {
    const link = this.#link;
    link.write(replyHead(reply));
    const reader = {
      isReady: true,
      write(text: string) {
        reader.isReady = false;
        link.write(encoder.encode(text));
        link.flushed((isOpen) => reader.isReady = isOpen);
      },
    };
    this.#endStream = reply.begin(reader);
  }
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? encoder.encode(body) : body;
}
