/**
 * `chat conform --explain CLAUSE`: what a clause asks for, how that is shown, and what common faults look like.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { visibleText } from "../../lib/core/visible.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import type { ConformIo } from "../io.ts";
import { STATUS } from "../results/exit_status.ts";
import { type Clause, dialectOf, isConcurrent } from "../fixtures/clauses.ts";
import { matchesGlob } from "../fixtures/filter.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import { type Library, loadLibrary } from "../fixtures/library.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { CLIENT_MUTANT_SETS, MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { type Paint, paint } from "../reports/text/paint.ts";
import { showDetails } from "../reports/text/failures.ts";
import { countText } from "../reports/words.ts";
import { play, withNeeds } from "../self_test/play.ts";
import type { Role } from "../transcript/check.ts";

/** Embedded by `deno compile --include docs/protocols`, and found in the same options. */
const PROTOCOLS = new URL("../../docs/protocols/", import.meta.url);
const ROOT = new URL("../../", import.meta.url);
/** So many faults are shown at most, and so many lines of what each looks like. */
const MOST_FAULTS = 5;
const MOST_LINES = 8;
const SEED = 1;

/** A clause, and whose it is. */
interface Found {
  readonly clause: Clause;
  readonly library: Library;
}

/**
 * Explains all clauses that a glob matches, and gives the exit status.
 *
 * @param glob A clause, as `--filter` takes it: `relay/forward`, `frame/limit-*`.
 * @returns 0, or 2 if there is no such clause, which is said on standard error.
 */
export async function explainClauses(glob: string, io: ConformIo): Promise<number> {
  try {
    const found = await find(glob);
    const texts = await Promise.all(found.map((one) => explainOne(one, paint(io.color))));
    io.out(`${texts.join("\n\n")}\n`);
    return STATUS.conforms;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    return STATUS.misused;
  }
}

async function find(glob: string): Promise<Found[]> {
  const roles: readonly Role[] = ["server", "client"];
  const sources = { dirs: [], embedded: true, isStress: true };
  const dialects = DIALECTS.map(({ name }) => name);
  const libraries = await Promise.all(
    dialects.flatMap((dialect) => roles.map((role) => loadLibrary(dialect, sources, role))),
  );
  const all = libraries.flatMap((library) => [...library.clauses.values()].map((clause) => ({ clause, library })));
  const found = all.filter(({ clause: { slug } }) => matchesGlob(glob, slug));
  if (found.length > 0) return found;
  // Whoever left the dialect out, or knows only a word of it.
  const near = all.filter(({ clause: { slug } }) => slug.includes(glob.replace(/^.*\//, ""))).map(({ clause }) =>
    clause.slug
  );
  const hint = near.length > 0 ? `is it ${near.slice(0, MOST_FAULTS).join(", ")}?` : "--list shows what there is";
  throw new ChatError("usage", `there is no clause ${visibleText(glob)}: ${hint}`);
}

async function explainOne({ clause, library }: Found, colors: Paint): Promise<string> {
  const own = library.fixtures.filter((fixture) => fixture.clause.slug === clause.slug);
  const parts = [
    `${colors.strong(clause.slug)} (${clause.level})\n  ${clause.text}`,
    await protocolText(clause.slug, colors),
    await transcripts(clause, own, colors),
    ...await faults(clause, library, colors),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The paragraphs of the protocol's document that name the clause. */
async function protocolText(slug: string, colors: Paint): Promise<string> {
  const file = `${dialectOf(slug)}.md`;
  const text = await Deno.readTextFile(new URL(file, PROTOCOLS));
  const own = text.split(/\n{2,}/).filter((paragraph) =>
    paragraph.includes(`\`${slug}\``) && !paragraph.startsWith("|")
  );
  if (own.length === 0) return "";
  return [colors.strong(`In docs/protocols/${file}:`), ...own.map((paragraph) => indented(paragraph))].join("\n\n");
}

/** What the fixtures show, and the shortest of them as it is written. */
async function transcripts(clause: Clause, fixtures: readonly Fixture[], colors: Paint): Promise<string> {
  // The shortest is the plainest.
  const first = fixtures.toSorted((one, other) => one.steps.length - other.steps.length)[0];
  if (first === undefined) {
    return isConcurrent(clause)
      ? "Only many clients at once show it: chat conform --stress 10s"
      : "It has no transcript.";
  }
  const titles = [...new Set(fixtures.map(({ title }) => title))];
  const text = await Deno.readTextFile(new URL(first.file, ROOT));
  return [
    colors.strong(`Shown by ${countText(fixtures.length, "transcript")}:`),
    titles.map((title) => `  - ${title}`).join("\n"),
    `The shortest of them, ${first.file}:`,
    indented(text.trimEnd()),
  ].join("\n\n");
}

/** What programs that break it do, and how that shows: those of the self-test, which are played here. */
async function faults(clause: Clause, library: Library, colors: Paint): Promise<string[]> {
  const sets = library.role === "client" ? CLIENT_MUTANT_SETS : MUTANT_SETS;
  const set = sets.find(({ dialect }) => dialect === library.dialect);
  const mutants = set?.mutants.filter((mutant) => mutant.clause === clause.slug) ?? [];
  if (mutants.length === 0) return [];
  const shown: string[] = [];
  // One after the other: each has a world of its own.
  for (const mutant of mutants.slice(0, MOST_FAULTS)) shown.push(await fault(mutant, clause, library, colors));
  const left = mutants.length - shown.length;
  const more = left > 0
    ? [`… and ${countText(left, "other")}: chat conform --self-test --filter '${clause.slug}'`]
    : [];
  return [colors.strong(`What breaks it, and how that looks:`), ...shown, ...more];
}

async function fault(mutant: Mutant, { slug }: Clause, library: Library, colors: Paint): Promise<string> {
  const isOwn = ({ clause }: Fixture) => clause.slug === slug;
  const fixtures = withNeeds(library.fixtures.filter(isOwn), library);
  const results = await play(mutant, library, fixtures, { seed: SEED, jobs: 1 });
  const failed = results.find(({ fixture, verdict }) => isOwn(fixture) && verdict === "fail");
  const lines = failed === undefined ? [] : [failed.fixture.name, ...showDetails(failed, colors).slice(0, MOST_LINES)];
  return [`  A ${library.role ?? "server"} that ${mutant.words}:`, ...lines.map((line) => `      ${visibleText(line)}`)]
    .join(
      "\n",
    );
}

function indented(text: string): string {
  return text.split("\n").map((line) => line === "" ? "" : `    ${line}`).join("\n");
}
