/**
 * What senders were told: that it arrived, and that it did not.
 *
 * @module
 */

import {
  type Arrival,
  type Finding,
  type Life,
  lifeText,
  type OperationHistory,
  type Sending,
  sendingText,
} from "../history.ts";
import { GRACE, isAstray, isDisturbed, isPresent, livesByName, mayBePresent } from "../presence.ts";
import { Memberships } from "./memberships.ts";

/** A group's message may be on its way from its sender for so long, in milliseconds, until the server has given up who does not get it. */
const ON_THE_WAY = 800;

/** What a checker looks up again and again. */
class Index {
  readonly byName: ReadonlyMap<string, readonly Life[]>;
  readonly #memberships: Memberships;
  readonly #arrivals: ReadonlyMap<number | undefined, readonly Arrival[]>;

  constructor(readonly history: OperationHistory) {
    this.#memberships = new Memberships(history);
    this.byName = livesByName(history);
    this.#arrivals = Map.groupBy(history.arrivals, ({ sending }) => sending);
  }

  arrivals({ id }: Sending): readonly Arrival[] {
    return this.#arrivals.get(id) ?? [];
  }

  /** All whom a message is for, as far as they may have been there while it was answered. */
  recipients({ to, group, life, begin }: Sending, end: number): Life[] {
    if (group !== undefined) {
      // Whoever goes soon after may be gone before it is sent on.
      const members = this.#memberships.certain(group, begin, begin + ON_THE_WAY);
      return members.filter((one) => one.id !== life && isPresent(one, begin, begin + ON_THE_WAY));
    }
    const candidates = to === undefined ? this.history.lives : this.byName.get(to) ?? [];
    return candidates.filter((one) => one.id !== life && mayBePresent(one, begin, end, this.history));
  }
}

/**
 * What was confirmed had been acknowledged by all whom it was for and who were there all the time, where the dialect has acknowledgements;
 * otherwise it has arrived there by the end.
 */
export function checkConfirmed(history: OperationHistory): Finding[] {
  const { hasAcknowledgements } = history;
  const index = new Index(history);
  return history.sendings.flatMap((sending) => {
    const { id, begin, outcome } = sending;
    if (outcome !== "ok") return [];
    const end = sending.end ?? history.end;
    const until = hasAcknowledgements ? end : sending.group !== undefined ? begin + ON_THE_WAY : history.settling;
    if (
      sending.group !== undefined &&
      (until > history.end || isAstray(history.lives[sending.life]!, begin, end, history))
    ) {
      return [];
    }
    // What was only handed over may be lost with the connection of who has sent it.
    if (!hasAcknowledgements && !isPresent(history.lives[sending.life]!, begin, Math.min(begin + GRACE, until))) {
      return [];
    }
    // Whatever is sent to all may have thousands of recipients.
    const inTime = new Set(index.arrivals(sending).filter((one) => isInTime(one, end)).map(({ life }) => life));
    const missing = index.recipients(sending, end).find((life) => {
      const wasThere = isPresent(life, begin, until);
      // An acknowledgement that a fault has held up may have been taken for that of a later message.
      const excused = hasAcknowledgements && isDisturbed(life, begin, end, history);
      return wasThere && !excused && !inTime.has(life.id);
    });
    if (missing === undefined) {
      // Nobody was there all the time; somebody must still have got what went to one.
      const isLost = hasAcknowledgements && sending.to !== undefined && inTime.size === 0 &&
        !index.recipients(sending, end).some((one) => isDisturbed(one, begin, end, history));
      if (!isLost) return [];
    }
    const who = missing === undefined ? sending.to : lifeText(missing);
    const arrived = index.arrivals(sending).some(({ life }) => life === missing?.id);
    const why = missing === undefined
      ? "which nobody had acknowledged"
      : arrived
      ? `before ${who} had acknowledged it`
      : `which ${who} has not got`;
    const text = `${sendingText(sending, history)} was confirmed, ${why}`;
    return [{ clause: "concurrent-confirmed", text, at: end, lives: missing ? [missing.id] : [], sendings: [id] }];
  });

  function isInTime({ acknowledged = Infinity }: Arrival, end: number): boolean {
    return !hasAcknowledgements || acknowledged < end;
  }
}

/** What was refused had, at some time between question and answer, no recipient, and did not arrive. */
export function checkRefused(history: OperationHistory): Finding[] {
  const index = new Index(history);
  return history.sendings.flatMap((sending) => {
    const { id, life, begin, end = history.end, outcome, to, words } = sending;
    if (outcome !== "fail" || sending.group !== undefined || isDisturbed(history.lives[life]!, begin, end, history)) {
      return [];
    }
    const recipients = index.recipients(sending, end);
    const wereAllThere = recipients.length > 0 &&
      recipients.every((one) => isPresent(one, begin, end) && !isDisturbed(one, begin, end, history));
    if (!wereAllThere) return [];
    const got = new Set(index.arrivals(sending).map(({ life }) => life));
    const arrived = recipients.every((one) => got.has(one.id));
    const text = `${sendingText(sending, history)} was refused (${words ?? "no reason given"}), though ${
      to === undefined ? "all" : lifeText(recipients[0]!)
    } ${arrived ? "had got it" : `${to === undefined ? "were" : "was"} there all the time`}`;
    return [{ clause: "concurrent-refused", text, at: end, lives: recipients.map(({ id }) => id), sendings: [id] }];
  });
}
