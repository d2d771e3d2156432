/**
 * A server that handles one connection at a time, as one does that reads in its accept loop.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../lib/core/link.ts";

/** Accepts, but takes the next connection only when the one before it has said something, or is gone. */
export function inTurn(accept: (link: Link) => LinkHandler): (link: Link) => LinkHandler {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  const next = () => {
    const begin = waiting.shift();
    isBusy = begin !== undefined;
    begin?.();
  };
  return (link) => {
    let handler: LinkHandler | undefined;
    let isDone = false;
    const early: ((handler: LinkHandler) => void)[] = [];
    const tell = (event: (handler: LinkHandler) => void) => {
      if (handler === undefined) return void early.push(event);
      event(handler);
      if (isDone) return;
      isDone = true;
      next();
    };
    const begin = () => {
      handler = accept(link);
      const heard = early.splice(0);
      for (const event of heard) event(handler);
      if (heard.length === 0) return;
      isDone = true;
      next();
    };
    if (isBusy) waiting.push(begin);
    else {
      isBusy = true;
      begin();
    }
    return {
      receive: (bytes) => {
        const kept = bytes.slice();
        tell((own) => own.receive(kept));
      },
      ended: () => tell((own) => own.ended()),
      closed: (reason) => tell((own) => own.closed(reason)),
    };
  };
}
