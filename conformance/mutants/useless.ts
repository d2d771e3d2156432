/**
 * Servers that speak no protocol at all: none of them may pass anything.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../lib/core/link.ts";
import type { Behaviour } from "./serving.ts";

const encoder = new TextEncoder();

/** Says nothing until the peer leaves. */
function listener(link: Link, receive: (bytes: Uint8Array) => void): LinkHandler {
  return { receive, ended: () => link.end("left"), closed: () => {} };
}

function mute(link: Link): LinkHandler {
  return listener(link, () => {});
}

function echo(link: Link): LinkHandler {
  return listener(link, (bytes) => link.write(bytes));
}

function closing(link: Link): LinkHandler {
  link.end("refused");
  return listener(link, () => {});
}

function closingOnInput(link: Link): LinkHandler {
  return listener(link, () => link.end("malformed"));
}

/** Sends as much as is taken, without end. */
function babbling(link: Link): LinkHandler {
  const chunk = new Uint8Array(65536).fill(0x2e);
  const babble = (goesOn: boolean) => {
    if (!goesOn) return;
    link.write(chunk);
    link.flushed(babble);
  };
  babble(true);
  return listener(link, () => {});
}

/** Drips a byte into each answer, so that none is ever complete. */
function dripping(link: Link): LinkHandler {
  const answer = encoder.encode("REGISTERED TOSEND ");
  let at = 0;
  return listener(link, () => link.write(answer.subarray(at, ++at)));
}

function web(link: Link): LinkHandler {
  return listener(link, () => {
    link.write(encoder.encode("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
    link.end("malformed");
  });
}

/** All of them by name. */
export const USELESS: Readonly<Record<string, Behaviour>> = {
  mute,
  echo,
  closing,
  "closing-on-input": closingOnInput,
  babbling,
  dripping,
  web,
};
