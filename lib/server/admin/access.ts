/**
 * Who may ask what of a server by HTTP.
 *
 * @module
 */

import { isIP } from "node:net";
import { addressText, parseAddress } from "../../core/address.ts";
import { ChatError } from "../../core/error.ts";
import type { Link } from "../../core/link.ts";
import type { AdminPlace } from "./admin_place.ts";
import { failure, type WholeReply } from "./http/reply.ts";
import type { RequestHead } from "./http/request_head.ts";
import type { Tokens } from "./tokens.ts";

/** Somebody who runs the server, as the log calls them. */
export interface Operator {
  /** Where they are: an address, or `unix`. */
  readonly peer: string;
  /** What their token is called, where they had to show one. */
  readonly token?: string | undefined;
}

/** What a peer's request is held against. */
export interface AccessRules {
  /** Where it has come. Whoever may open the socket of a path needs nothing more. */
  readonly place: AdminPlace;
  /** The tokens that are good. */
  readonly tokens: Pick<Tokens, "areSome" | "nameOf">;
}

const BEARER = /^bearer +(\S+)$/i;

/**
 * Says who asks, or what is answered to somebody who may not. A browser that was led here by another page has neither the
 * token nor the right `Host`.
 */
export function operatorOf(head: RequestHead, link: Link, { place, tokens }: AccessRules): Operator | WholeReply {
  const host = head.fields.get("host");
  if (!isOwnPage(head.fields.get("origin"), host)) {
    return failure(403, "wrong-origin", "a page of somebody else may not ask: open the one of this server");
  }
  if ("path" in place) {
    // Through a tunnel, a browser gets here as well: with a name that a page has had made for it, if it is that page's. Such names
    // have a dot; what scripts write for no host at all has none.
    if (host === undefined || !host.includes(".") || isOurHost(host, "localhost")) return { peer: "unix" };
    return failure(421, "wrong-host", `Host ${JSON.stringify(host)} is not this server: ask for localhost`);
  }
  const peer = addressText(link.remote);
  if (!isOurHost(host, place.endpoint.hostname)) {
    const advice = `ask for an IP address, localhost or the name of --admin`;
    return failure(421, "wrong-host", `Host ${JSON.stringify(host ?? "")} is not this server: ${advice}`);
  }
  if (!tokens.areSome) {
    return failure(403, "no-token", "this needs a token, and there is none: start the server with --admin-token FILE");
  }
  const [, given] = BEARER.exec(head.fields.get("authorization") ?? "") ?? [];
  const token = given === undefined ? undefined : tokens.nameOf(given);
  if (token === undefined) {
    const why = given === undefined ? "this needs the token" : "the token is wrong";
    return failure(401, "unauthorized", `${why}: send Authorization: Bearer and the first line of the token's file`, {
      "WWW-Authenticate": 'Bearer realm="chat"',
    });
  }
  const [type = ""] = (head.fields.get("content-type") ?? "").split(";");
  if (head.method === "POST" && type.trim().toLowerCase() !== "application/json") {
    return failure(415, "not-json", "send Content-Type: application/json, and JSON");
  }
  return { peer, token };
}

/** Whether a field `Host` names this server: no name that somebody else's name server could give our address. */
function isOurHost(host: string | undefined, ours: string): boolean {
  try {
    const { hostname } = parseAddress(host ?? "");
    return isIP(hostname) !== 0 || [ours.toLowerCase(), "localhost"].includes(hostname.toLowerCase());
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}

/** Whether a request comes from no page, or from one of the host that it asks. */
function isOwnPage(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host;
}
