/**
 * What the totals that a server tells become over time: rates, and how long things take now.
 *
 * @module
 */

/** How many seconds are kept. */
const KEPT = 180;
/** Over how many seconds it is taken how long things take. */
const RECENT = 10;

/** The last figures of a server, oldest first. */
export class Figures {
  #samples = [];

  /** Takes what the server told, and gives all samples. */
  add(report) {
    const before = this.#samples.at(-1);
    const sample = sampleOf(report);
    // A server that was started again counts from nothing.
    const isNew = before !== undefined && before.startedAt !== sample.startedAt;
    if (isNew) this.#samples = [];
    const seconds = before === undefined || isNew ? 0 : (sample.at - before.at) / 1000;
    for (const name of ["accepted", "delivered", "refused"]) {
      sample[`${name}Rate`] = seconds > 0 ? Math.max(0, sample[name] - before[name]) / seconds : 0;
    }
    const past = this.#samples.at(-RECENT) ?? this.#samples[0];
    sample.p50 = recent(sample.acknowledged, past?.acknowledged, 0.5);
    sample.p99 = recent(sample.acknowledged, past?.acknowledged, 0.99);
    sample.late = recent(sample.delay, past?.delay, 0.99);
    this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
    return this.#samples;
  }
}

function sampleOf(report) {
  const dialects = Object.values(report.dialects);
  const sum = (of) => dialects.reduce((total, dialect) => total + of(dialect), 0);
  const timed = dialects.flatMap(({ acknowledged }) => acknowledged.buckets ?? []);
  const bounds = timed[0]?.bounds ?? [];
  const counts = [...bounds, 0].map((_, i) => timed.reduce((total, { counts }) => total + counts[i], 0));
  return {
    at: Date.parse(report.at),
    startedAt: report.startedAt,
    accepted: sum(({ accepted }) => accepted),
    delivered: sum(({ outcomes }) => outcomes.delivered),
    refused: sum(({ outcomes }) => refusedOf(outcomes)),
    connections: sum(({ connections }) => connections),
    present: report.present,
    queued: report.queuedBytes,
    acknowledged: { bounds, counts },
    delay: report.eventLoopDelay.buckets,
  };
}

/** How long most of what was counted since then took. */
function recent({ bounds, counts }, past, share) {
  return quantileOf(bounds, counts.map((count, i) => count - (past?.counts[i] ?? 0)), share);
}

/** How many of a dialect's messages were not delivered. */
export function refusedOf(outcomes) {
  return Object.entries(outcomes).reduce((sum, [name, count]) => name === "delivered" ? sum : sum + count, 0);
}

/** The value below which a share of all lie, as near as the buckets tell; `undefined` without any. */
export function quantileOf(bounds, counts, share) {
  const rank = share * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const [from, to] = [bounds[i - 1] ?? 0, bounds[i] ?? bounds.at(-1)];
      return from + (to - from) * (rank - below) / count;
    }
    below += count;
  }
  return undefined;
}
