/**
 * What a dialect must bring besides its folder in `lib/dialects/` and its line in the registry, and where each of it goes.
 *
 * @module
 */

import { loadLibrary, loadPrelude } from "../../conformance/fixtures/library.ts";
import type { AnyDialect } from "../../lib/dialects/dialect.ts";
import { serverPorts } from "../../lib/dialects/registry.ts";

/** Something that every dialect has. */
interface Requirement {
  /** What it is, behind "there is no". */
  readonly what: string;
  /** Where it goes. */
  path(dialect: string): string;
  /** What to do: `write …, which exports ROW`. */
  readonly how: string;
  /** What its module has to export. */
  readonly exports?: readonly string[];
}

const ROOT = new URL("../../", import.meta.url);

const REQUIREMENTS: readonly Requirement[] = [
  {
    what: "description of the dialect",
    path: (dialect) => `lib/dialects/${dialect}/dialect.ts`,
    how: "a Dialect or DatagramDialect of lib/dialects/dialect.ts, in a folder of the dialect's own name",
  },
  {
    what: "list of clauses",
    path: (dialect) => `fixtures/${dialect}/clauses.txt`,
    how: "a line for each: its slug, must, should or may, and what it says",
  },
  {
    what: "prelude",
    path: (dialect) => `fixtures/${dialect}/prelude.chat`,
    how: "macros that its fixtures share, and how its servers are recognised (docs/transcripts.md, Recognition)",
  },
  {
    what: "list of the stages in which a server is written",
    path: (dialect) => `fixtures/${dialect}/stages.txt`,
    how: "for each a title, what to know for it, and its clauses; and the same for clients, in client/",
  },
  {
    what: "set of wrong servers, which show that its fixtures find what is wrong",
    path: (dialect) => `conformance/mutants/${dialect}/mutant_set.ts`,
    how: "exports MUTANT_SET, of conformance/mutants/mutant_set.ts",
    exports: ["MUTANT_SET"],
  },
  {
    what: "row in the matrix of pairs, in which everybody reaches everybody",
    path: (dialect) => `tests/pairs/rows/${dialect}.ts`,
    how: "exports ROW, of tests/pairs/party.ts; then deno task generate",
    exports: ["ROW"],
  },
  {
    what: "subject for the fuzzing",
    path: (dialect) => `tests/fuzz/subjects/${dialect}.ts`,
    how:
      "exports SUBJECTS, of tests/fuzz/subject.ts: its codec, server and client; and WORDS, of which streams are made",
    exports: ["SUBJECTS", "WORDS"],
  },
  {
    what: "user in the simulation",
    path: (dialect) => `tests/simulation/users/${dialect}.ts`,
    how: "exports SIMULATED, of tests/simulation/simulated_dialect.ts",
    exports: ["SIMULATED"],
  },
  {
    what: "load for the bench",
    path: (dialect) => `bench/load/dialects/${dialect}.ts`,
    how: "exports LOAD, of bench/load/dialect_load.ts",
    exports: ["LOAD"],
  },
  {
    what: "page of documentation",
    path: (dialect) => `docs/protocols/${dialect}.md`,
    how: "what goes over the wire, as the pages beside it have it",
  },
];

/** All that a dialect lacks: for each a sentence that says what, and what to add where. */
export async function missingOf(dialect: AnyDialect, others: readonly AnyDialect[]): Promise<string[]> {
  const files = await Promise.all(REQUIREMENTS.map((requirement) => missingFile(dialect.name, requirement)));
  return [
    ...files,
    ...await missingTests(dialect.name),
    ...await missingFixtures(dialect.name),
    ...await missingRecognition(dialect),
    ...portsTaken(dialect, others),
    ...optionsTaken(dialect, others),
    dialect.forms.length > 0
      ? undefined
      : `${dialect.name} has no forms: say in its dialect.ts what a person can enter`,
  ].filter((sentence) => sentence !== undefined);
}

async function missingFile(dialect: string, requirement: Requirement): Promise<string | undefined> {
  const { what, how, exports = [] } = requirement;
  const path = requirement.path(dialect);
  if (!await exists(path)) return `${dialect} has no ${what}: write ${path} (${how})`;
  if (exports.length === 0) return undefined;
  const module: object = await import(new URL(path, ROOT).href);
  const lacking = exports.filter((name) => !(name in module));
  return lacking.length === 0 ? undefined : `${path} does not export ${lacking.join(" and ")} (${how})`;
}

async function missingTests(dialect: string): Promise<string[]> {
  const folder = `lib/dialects/${dialect}/`;
  if (!await exists(folder)) return [];
  const names = await Array.fromAsync(Deno.readDir(new URL(folder, ROOT)), ({ name }) => name);
  return ["client", "server"].filter((side) => !names.includes(`${side}_test.ts`)).map((side) => {
    return `${dialect} has no test of its ${side}: write ${folder}${side}_test.ts`;
  });
}

async function missingFixtures(dialect: string): Promise<string[]> {
  const { clauses, fixtures } = await loadLibrary(dialect, { dirs: [], embedded: true });
  const shown = new Set(fixtures.map(({ clause }) => clause.slug));
  return [...clauses.keys()].filter((slug) => !shown.has(slug)).map((slug) => {
    return `no fixture shows ${slug}: write one in fixtures/${dialect}/ with the line "clause: ${slug}"`;
  });
}

async function missingRecognition({ name, transport, speaksFirst = false }: AnyDialect): Promise<string[]> {
  const { recognition: { datagrams, greeting, probe, answer } } = await loadPrelude(name);
  const prelude = `fixtures/${name}/prelude.chat`;
  const missing: string[] = [];
  if ((datagrams ?? false) !== (transport === "udp")) {
    const line = transport === "udp" ? 'add "datagrams: yes" to' : 'take "datagrams: yes" out of';
    missing.push(`${name} is spoken over ${transport}, and its prelude says something else: ${line} ${prelude}`);
  }
  if (transport === "tcp" && greeting !== undefined && !speaksFirst) {
    missing.push(
      `${prelude} has a greeting:, and dialect.ts does not say that servers speak first: add speaksFirst: true`,
    );
  }
  if (speaksFirst && greeting === undefined) {
    missing.push(`servers of ${name} speak first, as its dialect.ts says: add greeting: to ${prelude}`);
  }
  if (greeting === undefined && (probe === undefined || answer === undefined)) {
    const keys = transport === "udp" ? "probe: and answer:" : "greeting:, or probe: and answer:,";
    missing.push(`nothing says how a server of ${name} is recognised: add ${keys} to ${prelude}`);
  }
  return missing;
}

/** By default all dialects are spoken at once. */
function portsTaken({ name, transport, defaultPort }: AnyDialect, others: readonly AnyDialect[]): string[] {
  return others.filter((other) => {
    return other.name !== name && other.transport === transport && other.defaultPort === defaultPort;
  }).map((other) =>
    `${name} and ${other.name} have the same default port, ${defaultPort}: choose another in dialect.ts`
  );
}

/** Each option is one dialect's. */
function optionsTaken(dialect: AnyDialect, others: readonly AnyDialect[]): string[] {
  const own = optionsOf(dialect);
  return others.filter(({ name }) => name !== dialect.name).flatMap((other) => {
    const taken = optionsOf(other).filter((option) => own.includes(option));
    return taken.map((option) => `${dialect.name} and ${other.name} both have --${option}: rename one in dialect.ts`);
  });
}

function optionsOf(dialect: AnyDialect): string[] {
  const { messageLog, retiredOption } = dialect;
  const clientPort = dialect.transport === "udp" ? dialect.clientPort : undefined;
  return [...serverPorts(dialect), messageLog, clientPort, retiredOption]
    .filter((option) => option !== undefined).map(({ option }) => option);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, ROOT));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
