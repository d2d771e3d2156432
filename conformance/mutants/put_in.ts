/**
 * How all servers are made that are wrong in one way: functions are put in the place of methods of a plain one.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";

/** The methods of a server as they are without anything put in. */
export type Methods<Server> = {
  readonly [Name in keyof Server as Server[Name] extends (...args: never[]) => unknown ? Name : never]: Server[Name];
};

/**
 * What is put in, for one server: what it remembers is that server's. `plain` has the methods as they were, `server` is the
 * server itself.
 */
export type Change<Server> = (plain: Methods<Server>, server: Server) => Partial<Server>;

/** Makes servers of one kind: as they are, with one function put in, or with several. */
export interface PutIn<Args extends readonly unknown[], Server> {
  /** As they are, or with what `change` gives. */
  (change?: Change<Server>): (...args: Args) => Server;
  /** With what `put` makes in the place of one method: of that method as it is, and of the server. */
  <Name extends keyof Methods<Server>>(
    name: Name,
    put: (plain: Server[Name], server: Server) => Server[Name],
  ): (...args: Args) => Server;
}

/**
 * Makes servers of one kind with functions of their own in the place of some methods.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * class Greeter {
 *   hello(name: string): string {
 *     return `hello ${name}`;
 *   }
 * }
 * const greeter = puttingInto(Greeter);
 * const loud = greeter("hello", (plain) => (name) => plain(name).toUpperCase());
 * assertEquals(loud().hello("bob"), "HELLO BOB");
 * assertEquals(greeter()().hello("bob"), "hello bob");
 * ```
 */
export function puttingInto<Args extends readonly unknown[], Server extends object>(
  Plain: new (...args: Args) => Server,
): PutIn<Args, Server> {
  return (
    what: keyof Methods<Server> | Change<Server> = () => ({}),
    put?: (plain: never, server: Server) => unknown,
  ) => {
    const alter = (server: Server) => {
      const plain = methodsOf(server);
      const parts = typeof what === "function" ? what(plain, server) : { [what]: put!(plain[what] as never, server) };
      return Object.assign(server, parts);
    };
    const make = (...args: Args) => alter(new Plain(...args));
    ALTERED.set(make, alter);
    return make;
  };
}

/** How servers are altered that {@linkcode puttingInto} makes. */
const ALTERED = new WeakMap<object, (server: never) => object>();

/**
 * Makes servers with all that several makers of one kind put in; nothing if one of them does more than that. What it makes throws a
 * `broken-server` where two put something in the same place.
 */
export function together<Args extends readonly unknown[], Server extends object>(
  [first, ...others]: readonly ((...args: Args) => Server)[],
): ((...args: Args) => Server) | undefined {
  const alterations = others.map((make) => ALTERED.get(make));
  if (first === undefined || !ALTERED.has(first) || alterations.includes(undefined)) return undefined;
  return (...args) => {
    const server = first(...args);
    for (const alter of alterations) {
      const before = new Map(Object.entries(server));
      alter!(server as never);
      const covered = [...before].find(([name, value]) =>
        typeof value === "function" && server[name as keyof Server] !== value
      );
      if (covered === undefined) continue;
      throw new ChatError(
        "broken-server",
        `several functions are put in the place of ${covered[0]}: one may hide another`,
      );
    }
    return server;
  };
}

function methodsOf<Server extends object>(server: Server): Methods<Server> {
  const methods = new Map<string, unknown>();
  for (let kind = Object.getPrototypeOf(server); kind !== Object.prototype; kind = Object.getPrototypeOf(kind)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(kind))) {
      if (typeof value === "function" && !methods.has(name)) methods.set(name, value.bind(server));
    }
  }
  // What was put in before is in the place of the server's own.
  for (const [name, value] of Object.entries(server)) if (typeof value === "function") methods.set(name, value);
  return Object.fromEntries(methods) as Methods<Server>;
}
