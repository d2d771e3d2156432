/**
 * What a room's clients say at once (PROTOCOLS.md, room).
 *
 * @module
 */

import type { InputDecoderOptions } from "../text/input_decoder.ts";

/** What is read at once is a message, as for the document's own server, if the first read had no line break. */
export const ROOM_INPUT: InputDecoderOptions = { maxRead: 1024, decidesAtOnce: true };
