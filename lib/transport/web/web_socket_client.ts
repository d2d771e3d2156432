/**
 * Asking a server for a WebSocket.
 *
 * @module
 */

import { addressText } from "../../core/address.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import { CLOSE_REASONS } from "../../core/close_reason.ts";
import { ChatError } from "../../core/error.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../core/link.ts";
import { visibleBytes } from "../../core/visible.ts";
import { upgradeFault, upgradeRequest, type WebSocketProtocol } from "./handshake.ts";
import { HeadCollector, readHead } from "./http_head.ts";
import { WebSocketLink, type WebSocketSettings } from "./web_socket_link.ts";

/** How a WebSocket is asked for. */
export interface UpgradeOptions extends Pick<WebSocketSettings, "onClose"> {
  /** The server, as it is addressed. */
  readonly server: Endpoint;
  /** A number from 0 up to but not including 1. */
  random(): number;
  /** Calls back once after some milliseconds, unless the function returned is called before. */
  after(delay: number, callback: () => void): () => void;
  /** How long the server may take to answer, in milliseconds; 10 s by default. */
  readonly timeout?: number | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest message that we take from a server, in bytes. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** How much of an answer is shown that is none. */
const SHOWN = 80;

/**
 * Asks the server behind a link, which was not started, for a WebSocket. The link belongs to what is returned; it is closed where
 * nothing comes of it.
 *
 * @throws {ChatError} `unreachable`, with what the server has said in place of it.
 * @throws what the signal was aborted with.
 */
export function openWebSocket(
  link: HalfClosingLink,
  protocol: WebSocketProtocol,
  { server, random, after, timeout = 10_000, signal, onClose }: UpgradeOptions,
): Promise<WebSocketLink> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocketLink>();
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
  const key = btoa(String.fromCharCode(...bytes(16)));
  const collector = new HeadCollector();
  let socket: WebSocketLink | undefined;
  let isOver = false;
  const over = (act: () => void) => {
    if (isOver) return;
    isOver = true;
    stopTimer();
    signal?.removeEventListener("abort", giveUp);
    act();
  };
  const fail = (why: string) =>
    over(() => {
      link.abort("done");
      reject(new ChatError("unreachable", `cannot open a WebSocket at ${addressText(server)}${protocol.path}: ${why}`));
    });
  const giveUp = () =>
    over(() => {
      link.abort("done");
      reject(signal?.reason);
    });
  const stopTimer = after(timeout, () => fail(`no answer within ${timeout / 1000} s`));
  const handler: LinkHandler = {
    receive(piece) {
      if (socket !== undefined) return socket.receive(piece);
      if (isOver) return;
      const found = collector.push(piece);
      // Whoever speaks something else does not have to end its first words as HTTP does.
      const isForeign = !"HTTP/".startsWith(latin1(collector.beginning).slice(0, 5));
      if (isForeign) return fail(`it does not speak HTTP, it says "${visibleBytes(collector.beginning, SHOWN)}"`);
      if (found === undefined) return collector.isTooLong ? fail("its answer is too long") : undefined;
      const head = readHead(found.head);
      const fault = head === undefined ? "its answer cannot be read" : upgradeFault(head, key, protocol);
      if (fault !== undefined) {
        const words = found.rest.length === 0 ? "" : `, and says "${visibleBytes(firstLine(found.rest), SHOWN)}"`;
        return fail(`${fault}${words}`);
      }
      over(() => {
        const opened = socket = new WebSocketLink(link, { maxMessage: MAX_MESSAGE, mask: () => bytes(4), onClose });
        if (found.rest.length > 0) opened.receive(found.rest);
        resolve(opened);
      });
    },
    ended() {
      if (socket !== undefined) socket.ended();
      else fail("it closes the connection");
    },
    closed(reason: CloseReason) {
      if (socket !== undefined) socket.closed(reason);
      else fail(CLOSE_REASONS[reason]);
    },
  };
  if (signal?.aborted) giveUp();
  else signal?.addEventListener("abort", giveUp, { once: true });
  link.start(handler);
  link.write(upgradeRequest(addressText(server), key, protocol));
  return promise;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 16));
}

function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.findIndex((byte) => byte === 10 || byte === 13);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
