/**
 * Who has registered with relay, whichever of its ports they came to.
 *
 * @module
 */

import { isWellFormedName } from "../../core/name.ts";
import type { ServerContext } from "../dialect.ts";
import { halfOf, RelayUser, type Side, type UserSocket } from "./user.ts";

/** The users of all relay ports of one server: a name is one user, and may have one of its sockets on each port. */
export class RelayUsers {
  readonly #context: ServerContext;
  readonly #users = new Map<string, RelayUser>();

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /**
   * Gives a socket its user, or says why not: `malformed`, or `taken` where the name, or this side of its user, is
   * somebody else's. A user's second socket must come from the address of the first, so that nobody can take the other
   * half of somebody's name.
   */
  register(socket: UserSocket, side: Side, name: string): RelayUser | "malformed" | "taken" {
    if (!isWellFormedName(name)) return "malformed";
    const known = this.#users.get(name);
    if (known !== undefined) return known.join(socket, side) ? known : "taken";
    const { hub, deadlines } = this.#context;
    const presence = hub.claim(name, { dialect: "relay", remote: socket.link.remote });
    if (presence === undefined) return "taken";
    const patience = { deadlines, ackTimeout: hub.ackTimeout };
    const user = new RelayUser(presence, socket, side, patience, () => this.#users.delete(name));
    this.#users.set(name, user);
    // It may be refused at once, and is forgotten then.
    presence.secure(user, halfOf(side));
    return user;
  }
}
