/**
 * A slash server in a world of its own, for tests.
 *
 * @module
 */

import type { RecordedLink } from "../../testing/recorded_link.ts";
import { TextWorld } from "../../text/testing/text_world.ts";
import { SlashServer } from "../server.ts";

/** A world whose server speaks slash. */
export class SlashWorld extends TextWorld {
  /** Starts with nobody present; with a bound of its own for what waits for a client, if one is given. */
  constructor(maxQueue?: number) {
    super((context) => new SlashServer({ ...context, ...maxQueue !== undefined && { maxQueue } }));
  }

  /** Lets somebody join, who takes what a newcomer is told. */
  join(alias: string): RecordedLink {
    const { link, session } = this.connect();
    link.feed(`${alias}\n`);
    if (!session.isRegistered) throw new Error(`${alias} cannot join: ${link.take()}`);
    link.take();
    link.flush();
    return link;
  }
}
