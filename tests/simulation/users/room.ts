/**
 * Somebody who speaks room.
 *
 * @module
 */

import { RoomLines } from "../../../lib/dialects/room/heard.ts";
import { LineUser } from "../line_user.ts";
import { EVERYBODY } from "../message.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import type { Somebody } from "../user.ts";

/** One connection, on which everything is for everybody and comes back; and only bad news besides. */
export class RoomUser extends LineUser {
  #lines = new RoomLines();
  #isAccepted = false;

  /** Each message is one to everybody, and costs as much as hundreds of others. */
  protected override get talkativeness(): number {
    return 0.005;
  }

  protected override greeted(): void {
    this.#lines = new RoomLines();
    this.#isAccepted = false;
    this.say(this.name);
  }

  protected override write(_to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, EVERYBODY);
    this.pending.push(sent);
    this.say(text);
  }

  protected override goodbye(): void {
    this.say("#quit");
  }

  protected override heard(line: string): void {
    const heard = this.#lines.read(line);
    if (heard.kind === "message") return this.#message(heard.from, heard.text);
    if (line.includes(`Welcome ${this.name}!`)) {
      this.#isAccepted = true;
      this.ready();
    } else if (!this.#isAccepted && line.startsWith("* ")) this.refused();
  }

  #message(from: string, text: string): void {
    const { tracker } = this.context;
    if (from !== this.name) return void tracker.arrived(this, this.inbox, from, text);
    const sent = this.pending.shift();
    if (sent === undefined || !text.endsWith(`#${sent.id};`)) {
      return tracker.violated(
        `${this.name} is told ${JSON.stringify(text)} back, and has said ${sent?.id ?? "nothing"}`,
      );
    }
    tracker.forgotten(sent);
    this.answered();
  }
}

/** room in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 20,
  // The first piece that arrives says how clients divide their messages.
  beginsInOnePiece: true,
  make: (name, ...user) => new RoomUser(name, ...user),
};
