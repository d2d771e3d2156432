/**
 * What can be asked of a server by HTTP.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { type AccessRules, type Operator, operatorOf } from "./access.ts";
import type { Responder } from "./http/exchange.ts";
import { failure, type HttpReply, type WholeReply } from "./http/reply.ts";
import type { RequestHead } from "./http/request_head.ts";

/** A request that may be answered. */
export interface AdminRequest {
  /** Its first line and its fields. */
  readonly head: RequestHead;
  /** What it carries. */
  readonly body: Uint8Array;
}

/** One thing that can be asked. */
export interface Route {
  /** `GET`, which stands for HEAD as well, or `POST`. */
  readonly method: "GET" | "POST";
  /** The path. */
  readonly path: string;
  /** Whether anybody may ask it who can reach the port. */
  readonly isOpen?: boolean;
  /** Answers; `operator` is nobody in particular where anybody may ask. */
  reply(request: AdminRequest, operator: Operator): HttpReply | Promise<HttpReply>;
}

/** Finds what was asked for, and holds whoever asks to the rules. */
export class Router implements Responder {
  readonly #routes: readonly Route[];
  readonly #rules: AccessRules;
  readonly #onFault: (error: unknown) => void;

  /** @param onFault told of an error that a route threw. */
  constructor(routes: readonly Route[], rules: AccessRules, onFault: (error: unknown) => void) {
    this.#routes = routes;
    this.#rules = rules;
    this.#onFault = onFault;
  }

  /** See {@linkcode Responder.refuse}. */
  refuse(head: RequestHead, link: Link): WholeReply | undefined {
    const route = this.#routeOf(head);
    const there = this.#routes.filter(({ path }) => path === head.path);
    // Who may ask nothing else is not told what could be asked.
    const operator = there.some(({ isOpen }) => isOpen) ? undefined : operatorOf(head, link, this.#rules);
    if (operator !== undefined && "status" in operator) return operator;
    if (route !== undefined) return undefined;
    if (there.length === 0) {
      const paths = this.#routes.map(({ method, path }) => `${method} ${path}`).join(", ");
      return failure(404, "not-found", `there is no such path: ask for ${paths}`);
    }
    const methods = there.flatMap(({ method }) => method === "GET" ? ["GET", "HEAD"] : [method]).join(", ");
    return failure(405, "wrong-method", `${head.path} takes ${methods}`, { Allow: methods });
  }

  /** See {@linkcode Responder.reply}. */
  reply(head: RequestHead, body: Uint8Array, link: Link): HttpReply | Promise<HttpReply> {
    const route = this.#routeOf(head)!;
    const operator = route.isOpen ? { peer: "anybody" } : operatorOf(head, link, this.#rules);
    return "status" in operator ? operator : route.reply({ head, body }, operator);
  }

  /** See {@linkcode Responder.failed}. */
  failed(error: unknown): void {
    this.#onFault(error);
  }

  #routeOf({ method, path }: RequestHead): Route | undefined {
    const asked = method === "HEAD" ? "GET" : method;
    return this.#routes.find((route) => route.method === asked && route.path === path);
  }
}
