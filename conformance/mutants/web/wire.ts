/**
 * web servers that take what no WebSocket of this dialect carries.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import { latin1Text } from "../latin1.ts";
import { web } from "./server.ts";

/** Does something else with frames that `isWrong`, by their first bytes, than to close as the document has it. */
function framing(isWrong: (first: number, second: number) => boolean, act: (link: Link) => void): MakePlain {
  return web("accept", (plain) => (link) => {
    const handler = plain(link);
    let isOpen = false;
    const checked: LinkHandler = {
      receive: (bytes) => {
        const isHead = /^GET /.test(latin1Text(bytes.subarray(0, 4)));
        if (isOpen && isWrong(bytes[0]!, bytes[1]!)) return act(link);
        isOpen ||= isHead;
        handler.receive(bytes);
      },
      ended: () => handler.ended(),
      closed: (reason) => handler.closed(reason),
    };
    return checked;
  });
}

const isBinary = (first: number) => first === 0x82;
const isLong = (_first: number, second: number) => second === 0xff;

/** A closing frame of this code. */
function closing(code: number): (link: Link) => void {
  return (link) => {
    link.write(Uint8Array.of(0x88, 2, code >> 8, code & 255));
    link.end("malformed");
  };
}

/** Mutants of the clauses on what may not be sent. */
export const WIRE: MutantTable<MakePlain> = {
  "web/binary": {
    "overlooks messages of bytes": framing(isBinary, () => {}),
    "closes at bytes as at a rule that was broken": framing(isBinary, closing(1008)),
    "breaks off at bytes": framing(isBinary, (link) => link.abort("malformed")),
  },
  "web/too-big": {
    "overlooks messages that are too long": framing(isLong, () => {}),
    "closes at what is too long as at a rule that was broken": framing(isLong, closing(1008)),
    "breaks off at what is too long": framing(isLong, (link) => link.abort("malformed")),
  },
};
