/**
 * Somebody who speaks slash.
 *
 * @module
 */

import { readWords } from "../../../lib/dialects/slash/words.ts";
import { LineUser } from "../line_user.ts";
import { EVERYBODY } from "../message.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import type { Somebody } from "../user.ts";

/** One connection, and a line on each message. */
export class SlashUser extends LineUser {
  protected override greeted(): void {}

  protected override write(to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, to?.name ?? EVERYBODY);
    this.pending.push(sent);
    this.say(to === undefined ? `/bm ${text}` : `/dm ${to.name} ${text}`);
  }

  protected override goodbye(): void {
    this.say("/quit");
  }

  protected override heard(line: string): void {
    const heard = readWords(line);
    const { tracker } = this.context;
    switch (heard.kind) {
      case "accepted":
        return this.ready();
      case "refused":
        return this.refused();
      case "message":
        return void tracker.arrived(this, this.inbox, heard.from, heard.text);
      case "outcome": {
        const sent = this.pending.shift();
        if (sent === undefined) return tracker.violated(`${this.name} is told an outcome, and has nothing on its way`);
        if (heard.outcome.kind === "delivered") tracker.confirmed(sent);
        else tracker.refused(sent, heard.words?.startsWith("nobody here has that alias"));
        return this.answered();
      }
      case "words":
        if (line.startsWith("* Welcome")) this.say(this.name);
    }
  }
}

/** slash in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 50,
  make: (name, ...user) => new SlashUser(name, ...user),
};
