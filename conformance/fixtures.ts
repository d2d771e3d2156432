/**
 * Where fixtures come from: those that are embedded in the program, and folders of one's own.
 *
 * @module
 */

import { ChatError } from "../lib/chat/error.ts";
import { type Clauses, dialectOf, readClauses } from "./clauses.ts";
import { EMPTY_PRELUDE, type Fixture, type Prelude, readFixture, readPrelude } from "./fixture.ts";
import { readSource } from "./transcript/lines.ts";
import { mistake } from "./transcript/place.ts";

/** All that can be played against servers of one dialect. */
export interface Library {
  /** The dialect's name. */
  readonly dialect: string;
  /** Its clauses; without the embedded fixtures, those that the others are about. */
  readonly clauses: Clauses;
  /** Its fixtures, in the order of the clauses that they show, then of their files. */
  readonly fixtures: readonly Fixture[];
}

/** Where fixtures are looked for. */
export interface Sources {
  /** Folders of one's own; see docs/conformance.md, Files. */
  readonly dirs: readonly string[];
  /** Whether the embedded fixtures are played as well. Their clauses and preludes are there in any case. */
  readonly embedded: boolean;
}

/** Embedded by `deno compile --include fixtures`, and found in the same manner. */
const EMBEDDED = new URL("../fixtures/", import.meta.url);

/**
 * Loads the fixtures of a dialect. Throws a `fixture` error with file and line for the first that is wrong, and
 * `fixtures-missing` for a folder that cannot be read.
 */
export async function loadLibrary(dialect: string, sources: Sources): Promise<Library> {
  const embedded = await readFolder(new URL(`${dialect}/`, EMBEDDED), `fixtures/${dialect}`, "may-be-missing");
  let clauses = addClauses(embedded, new Map());
  let prelude = addPrelude(embedded, EMPTY_PRELUDE);
  const files = sources.embedded ? [...embedded.files] : [];
  for (const dir of sources.dirs) {
    const top = await readFolder(dir, dir);
    const below = await readFolder(`${dir}/${dialect}`, `${dir}/${dialect}`, "may-be-missing");
    for (const folder of [top, below]) {
      clauses = addClauses(folder, clauses);
      prelude = addPrelude(folder, prelude);
    }
    files.push(...top.files.filter((file) => dialectOfFile(file) === dialect), ...below.files);
  }
  const fixtures = files.flatMap(({ text, shown, stem }) => readFixture(text, shown, stem, prelude, clauses));
  checkNames(fixtures);
  checkCycles(fixtures);
  const order = [...clauses.keys()];
  const place = new Map(order.map((slug, i) => [slug, i]));
  fixtures.sort((a, b) => place.get(a.clause.slug)! - place.get(b.clause.slug)!);
  return { dialect, clauses: sources.embedded ? clauses : shownBy(fixtures, clauses), fixtures };
}

/** Who plays fixtures of their own alone does not ask about the other clauses. */
function shownBy(fixtures: readonly Fixture[], clauses: Clauses): Clauses {
  return new Map([...clauses].filter(([slug]) => fixtures.some(({ clause }) => clause.slug === slug)));
}

interface TextFile {
  /** The file's name without `.chat`. */
  readonly stem: string;
  /** The file's name for people. */
  readonly shown: string;
  readonly text: string;
}

interface Folder {
  readonly files: readonly TextFile[];
  readonly clauses?: TextFile;
  readonly prelude?: TextFile;
}

async function readFolder(path: string | URL, shown: string, missing?: "may-be-missing"): Promise<Folder> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) if (!isDirectory) names.push(name);
  } catch (cause) {
    if (missing !== undefined && cause instanceof Deno.errors.NotFound) return { files: [] };
    throw new ChatError("fixtures-missing", `the folder of fixtures ${shown} cannot be read`, { cause });
  }
  const read = async (name: string): Promise<TextFile> => {
    try {
      const text = await Deno.readTextFile(path instanceof URL ? new URL(name, path) : `${path}/${name}`);
      return { stem: name.replace(/\.chat$/, ""), shown: `${shown}/${name}`, text };
    } catch (cause) {
      throw new ChatError("fixtures-missing", `${shown}/${name} cannot be read`, { cause });
    }
  };
  const fixtures = names.filter((name) => name.endsWith(".chat") && name !== "prelude.chat").sort();
  return {
    files: await Promise.all(fixtures.map(read)),
    ...(names.includes("clauses.txt") ? { clauses: await read("clauses.txt") } : {}),
    ...(names.includes("prelude.chat") ? { prelude: await read("prelude.chat") } : {}),
  };
}

function addClauses({ clauses }: Folder, known: Clauses): Clauses {
  return clauses === undefined ? known : readClauses(clauses.text, clauses.shown, known);
}

function addPrelude({ prelude }: Folder, base: Prelude): Prelude {
  return prelude === undefined ? base : readPrelude(prelude.text, prelude.shown, base);
}

/** A file that lies in no dialect's folder says by its clause where it belongs. */
function dialectOfFile({ text, shown }: TextFile): string {
  const clause = readSource(text, shown).header.find(({ key }) => key === "clause");
  if (clause === undefined) throw mistake({ file: shown, line: 1 }, "the header has no clause:");
  return dialectOf(clause.value);
}

function checkNames(fixtures: readonly Fixture[]): void {
  const byName = new Map<string, Fixture>();
  for (const fixture of fixtures) {
    const other = byName.get(fixture.name);
    if (other !== undefined) {
      throw mistake(
        { file: fixture.file, line: 1 },
        `${other.file} is called ${fixture.name} as well: rename one of them`,
      );
    }
    byName.set(fixture.name, fixture);
  }
}

/** Nothing could be played first if needs went round in a circle. */
function checkCycles(fixtures: readonly Fixture[]): void {
  const done = new Set<string>();
  const visit = (slug: string, trail: readonly string[]) => {
    if (done.has(slug)) return;
    for (const fixture of fixtures.filter(({ clause }) => clause.slug === slug)) {
      for (const need of fixture.needs) {
        const path = [...trail, slug, need];
        if (path.indexOf(need) < path.length - 1) {
          const circle = path.slice(path.indexOf(need)).join(" → ");
          throw mistake({ file: fixture.file, line: 1 }, `the needs go round in a circle: ${circle}`);
        }
        visit(need, [...trail, slug]);
      }
    }
    done.add(slug);
  };
  for (const { clause } of fixtures) visit(clause.slug, []);
}
