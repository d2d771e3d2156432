/**
 * What a course's submissions have in common, and those that somebody should look at.
 *
 * @module
 */

import { countText } from "../reports/words.ts";
import type { SubmissionOutcome } from "./outcome.ts";

/** A fault that several submissions may have. */
export interface Cluster {
  /** What it is called: the name of the rule that found it, or the slug of the clause that it breaks. */
  readonly key: string;
  /** What they do, as a sentence behind `14 of 60`. */
  readonly text: string;
  /** The names of the submissions. */
  readonly names: readonly string[];
}

/** A submission that somebody should look at, and why. */
export interface ByHand {
  /** Its name. */
  readonly name: string;
  /** Why, in a line for each reason. */
  readonly reasons: readonly string[];
}

/** So large a share of fixtures that are blocked says that what is wrong was not found. */
const MUCH_BLOCKED = 0.1;
/** So many names of fixtures are shown. */
const SHOWN = 3;

/** What is gathered for a cluster: the sentences of its causes, and its submissions' names by their folders. */
interface GatheredCluster {
  readonly texts: string[];
  readonly names: Map<string, string>;
}

/** The faults of some submissions, what most of them have first. */
export function clustersOf(outcomes: readonly SubmissionOutcome[]): Cluster[] {
  const clusters = new Map<string, GatheredCluster>();
  const add = (key: string, text: string, { folder, name }: SubmissionOutcome) => {
    const cluster: GatheredCluster = clusters.get(key) ?? { texts: [], names: new Map() };
    clusters.set(key, cluster);
    cluster.texts.push(text);
    cluster.names.set(folder, name);
  };
  for (const outcome of outcomes) {
    const { ending, causes } = outcome;
    if (ending === "does not build" || ending === "does not start") add(ending, ending, outcome);
    for (const cause of causes) add(keyOf(cause), headOf(cause), outcome);
  }
  return [...clusters].map(([key, { texts, names }]) => ({
    key,
    text: ofSeveral(mostOf(texts), names.size),
    names: [...names.values()],
  })).sort((a, b) => b.names.length - a.names.length);
}

function keyOf({ name, text, clause }: SubmissionOutcome["causes"][number]): string {
  // What is accommodated is told apart by what it says alone.
  return name === "clause" ? clause : name === "accommodated" ? headOf({ name, text, clause }) : name;
}

/** What of a cause's sentence is the same for all who have it: what comes behind are one program's own words. */
function headOf({ name, text, clause }: SubmissionOutcome["causes"][number]): string {
  if (name === "clause") return text.replace(/\): .*$/s, ")");
  if (name === "crashes") return "crashes";
  if (name === "thread-died" || name === "error-shown") {
    return "loses a thread, or what serves one connection, to an error";
  }
  return text.replace(/(: |\. |; ).*$/s, "") || clause;
}

function mostOf(texts: readonly string[]): string {
  const counts = [...Map.groupBy(texts, (text) => text)].map(([text, all]) => ({ text, count: all.length }));
  return counts.sort((a, b) => b.count - a.count)[0]!.text;
}

const IRREGULAR: Readonly<Record<string, string>> = { is: "are", has: "have", does: "do" };
/** The verbs of which a cause's sentence is made: the first word, and what is joined to it. */
const VERBS = /^[a-z]+s\b|(?<=\b(?:and|or) )(?:answers|decodes|keeps)\b/g;

/** Causes are said of one program: the same of several. */
function ofSeveral(text: string, count: number): string {
  if (count === 1) return text;
  return text.replace(
    VERBS,
    (verb) => IRREGULAR[verb] ?? verb.replace(/(ss|sh|ch|x)es$/, "$1").replace(/([^s])s$/, "$1"),
  );
}

/** Those that somebody should look at before the marks are given. */
export function byHand(outcomes: readonly SubmissionOutcome[]): ByHand[] {
  return outcomes.map((outcome) => ({ name: outcome.name, reasons: reasonsFor(outcome) }))
    .filter(({ reasons }) => reasons.length > 0);
}

function reasonsFor({ ending, why, fixtures, blocked, sometimes, errors }: SubmissionOutcome): string[] {
  const some = (names: readonly string[]) =>
    [
      ...names.slice(0, SHOWN),
      ...names.length > SHOWN ? [`${names.length - SHOWN} more`] : [],
    ].join(", ");
  return [
    ...ending === "played" ? [] : [`${ending}${why === undefined ? "" : `: ${why}`}`],
    ...blocked > MUCH_BLOCKED * fixtures ? [`${blocked} of ${countText(fixtures, "fixture")} blocked`] : [],
    ...sometimes.length > 0 ? [`fails only sometimes: ${some(sometimes)}`] : [],
    ...errors.length > 0 ? [`could not be played: ${some(errors)}`] : [],
  ];
}
