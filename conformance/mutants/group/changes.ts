/**
 * What a group server can do wrong in more than one place.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";
import { type GroupMember, type GroupRequest, PlainGroupServer } from "./server.ts";

/** Makes a server. */
export type GroupServerClass = new (port: DatagramPort, runtime: Runtime) => PlainGroupServer;

/** Says something else in place of what fits a pattern. */
export function replacing(pattern: string | RegExp, by: string): GroupServerClass {
  return class extends PlainGroupServer {
    override send = (to: Endpoint, text: string) => super.send(to, text.replaceAll(pattern, by));
  };
}

/** Does not say what fits a pattern. */
export function withholding(pattern: RegExp): GroupServerClass {
  return class extends PlainGroupServer {
    override send = (to: Endpoint, text: string) => pattern.test(text) || super.send(to, text);
  };
}

/** Says to everybody what fits a pattern and is for one. */
export function tellingAll(pattern: RegExp): GroupServerClass {
  return class extends PlainGroupServer {
    override send(to: Endpoint, text: string): void {
      if (!pattern.test(text)) return super.send(to, text);
      for (const { at } of this.present) super.send(at, text);
    }
  };
}

/** Answers one kind of request where it comes from, instead of where it asks to be answered. */
export function answeringTheAsker(verb: string): GroupServerClass {
  return class extends PlainGroupServer {
    override answer(request: GroupRequest, header: string, message: string): void {
      super.answer(request.verb === verb ? { ...request, at: request.from } : request, header, message);
    }
  };
}

/** Does something else with requests of one kind. */
export function handling(
  verb: string,
  act: (server: PlainGroupServer, request: GroupRequest, handle: (request?: GroupRequest) => void) => void,
): GroupServerClass {
  return class extends PlainGroupServer {
    override handle(request: GroupRequest): void {
      if (request.verb === verb) act(this, request, (instead = request) => super.handle(instead));
      else super.handle(request);
    }
  };
}

/** Shows something else of clients in the table. */
export function showing(row: Readonly<Record<string, string | number>>): GroupServerClass {
  return class extends PlainGroupServer {
    override row = (client: GroupMember, to: GroupMember) => ({ ...super.row(client, to), ...row });
  };
}

/** Passes group messages on as something else. */
export function carrying(alter: (message: string) => string): GroupServerClass {
  return class extends PlainGroupServer {
    override pass = (to: GroupMember, message: string) => super.pass(to, alter(message));
  };
}

/** Passes group messages on to others than those who are to get them. */
export function reaching(
  pick: (members: GroupMember[], sender: GroupMember, server: PlainGroupServer) => GroupMember[],
): GroupServerClass {
  return class extends PlainGroupServer {
    override audience = (sender: GroupMember) => pick(super.audience(sender), sender, this);
  };
}

/** Is dead once something has come that it cannot take. */
export function dyingOf(isDeadly: (text: string) => boolean): GroupServerClass {
  return class extends PlainGroupServer {
    #isDead = false;

    override hear(text: string, from: Endpoint): void {
      this.#isDead ||= isDeadly(text);
      if (!this.#isDead) super.hear(text, from);
    }
  };
}

/** Sends who registers the table first, and acknowledges behind it: PROTOCOLS.md leaves the order open. */
export class TableFirst extends PlainGroupServer {
  readonly #welcomes: (() => void)[] = [];

  /** See {@linkcode PlainGroupServer.answer}. */
  override answer(request: GroupRequest, header: string, message: string): void {
    const answer = () => super.answer(request, header, message);
    if (message.startsWith("[Welcome,")) this.#welcomes.push(answer);
    else answer();
  }

  /** See {@linkcode PlainGroupServer.sendTables}. */
  override sendTables(): void {
    super.sendTables();
    for (const welcome of this.#welcomes.splice(0)) welcome();
  }
}
