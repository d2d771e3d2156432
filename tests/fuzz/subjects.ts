/**
 * All that reads what peers say: codecs, and the sessions that stand behind them; each dialect's are in a file in `subjects/`.
 *
 * @module
 */

import { broughtBy } from "../../lib/dialects/brought.ts";
import { foreignProtocol } from "../../lib/dialects/foreign_protocol.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { telling } from "./readers.ts";
import type { Subject } from "./subject.ts";

/** A subject, and what it is fed. */
export interface FedSubject extends Subject {
  /** Whose fixtures. */
  readonly dialect: string;
  /** Words of which streams are made, besides. */
  readonly words: readonly string[];
}

const brought = await broughtBy<{ readonly SUBJECTS: readonly Subject[]; readonly WORDS: readonly string[] }>(
  ".ts",
  (dialect) => import(`./subjects/${dialect}.ts`),
);

const STREAMS = DIALECTS.filter(({ transport }) => transport === "tcp").map(({ name }) => name);

/** The look at whom a port is for, which all listeners take. */
const PROTOCOL_SNIFFER: Subject = {
  name: "the look at whom a port is for",
  bound: 0,
  heedsCuts: true,
  share: 2,
  make: telling((told) => (bytes) => told(STREAMS.map((name) => foreignProtocol(name, bytes)))),
};

/** All of them. */
export const SUBJECTS: readonly FedSubject[] = brought.flatMap(({ dialect, brings: { SUBJECTS, WORDS } }, i) => {
  const subjects = i === 0 ? [...SUBJECTS, PROTOCOL_SNIFFER] : SUBJECTS;
  return subjects.map((subject) => ({ ...subject, dialect, words: WORDS }));
});
