/**
 * What operators may have a server do.
 *
 * @module
 */

import type { Log } from "../../log/log.ts";
import type { Operator } from "../access.ts";
import type { WholeReply } from "../http/reply.ts";
import type { Route } from "../routes.ts";
import { type RequestFields, requestFields } from "./request_fields.ts";

/** One thing that a server can be told to do. */
export interface Verb {
  /** Its path, without the slash. */
  readonly name: string;
  /** The fields that it takes. */
  readonly fields: readonly string[];
  /** Does it, or says why not. `changed` is called for what has changed, and logs it with who did it. */
  act(fields: RequestFields, changed: Changed): WholeReply | Promise<WholeReply>;
}

/** Logs what has changed: a sentence, and what it is about. */
export type Changed = (text: string, about?: Readonly<Record<string, unknown>>) => void;

/** The route to a verb. */
export function verbRoute({ name, fields: names, act }: Verb, log: Log): Route {
  return {
    method: "POST",
    path: `/${name}`,
    reply({ body }, operator) {
      const read = requestFields(body, names);
      if ("status" in read) return read;
      return act(read.fields, (text, about) => log("info", text, { ...about, ...whoOf(operator) }));
    },
  };
}

function whoOf({ peer, token }: Operator): { readonly operator: string; readonly token?: string | undefined } {
  return { operator: peer, token };
}
