/**
 * Builds the program as one binary: deno task compile [OPTION OF deno compile ...]
 *
 * @module
 */

import { unneededPaths } from "./unneeded.ts";

const ENTRY = "main.ts";
/** What the program reads beside the modules that it imports by name. */
const INCLUDED = [
  "fixtures",
  "docs/protocols",
  "conformance/reports/html/page",
  "lib/server/page",
  "lib/server/admin/page",
  "lib/server/page",
  "conformance/reproduce/helpers",
  "conformance/self_test/thread.ts",
];
const ENVIRONMENT = [
  ...["CHAT_*", "TERM", "HOME", "XDG_STATE_HOME", "LOCALAPPDATA"],
  ...["CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL", "REVIEW_URL"],
];
const PERMISSIONS = [
  "--allow-net",
  `--allow-env=${ENVIRONMENT.join(",")}`,
  "--allow-sys=networkInterfaces",
  "--allow-read",
  "--allow-write",
  "--allow-run",
];
/** How many characters a command line may have: Windows takes 32,767, a Linux with its usual stack 2 MiB. */
const MAX_COMMAND_LINE = Deno.build.os === "windows" ? 24_000 : 1_000_000;

/** What `deno info --json` says of a program, as far as it is read here. */
interface Graph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, NpmPackage>>;
}

interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly registryUrl: string;
}

async function deno(args: readonly string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null", stderr: "inherit" });
  const { code, stdout } = await command.output();
  if (code !== 0) Deno.exit(code);
  return new TextDecoder().decode(stdout);
}

/** The packages that modules of the program import, and those that these depend on. */
function reached({ modules, npmPackages }: Graph): Set<string> {
  const found = new Set<string>();
  const visit = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    npmPackages[id]?.dependencies.forEach(visit);
  };
  for (const { npmPackage } of modules) if (npmPackage !== undefined) visit(npmPackage);
  return found;
}

function filesBelow(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    return isDirectory ? filesBelow(`${folder}/${name}`, `${prefix}${name}/`) : [`${prefix}${name}`];
  });
}

/** All packages of a folder of them: `name/version`, `@scope/name/version`. */
function packagesIn(registry: string): string[] {
  const below = (folder: string) => {
    return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => isDirectory ? [`${folder}/${name}`] : []);
  };
  const names = below(registry).flatMap((folder) => folder.includes("/@") ? below(folder) : [folder]);
  return names.flatMap(below);
}

/** What is not embedded: packages of tests and tools, and of the others what no program reads. */
async function excluded(): Promise<string[]> {
  const graph: Graph = JSON.parse(await deno(["info", "--json", ENTRY]));
  const { npmCache }: { npmCache: string } = JSON.parse(await deno(["info", "--json"]));
  const ids = reached(graph);
  const packages = [...ids].map((id) => graph.npmPackages[id]!);
  const required = new Set(packages.flatMap(({ dependencies }) => dependencies));
  const placed = new Map([...ids].map((id) => {
    const { name, version, registryUrl } = graph.npmPackages[id]!;
    return [`${npmCache}/${new URL(registryUrl).hostname}/${name}/${version}`.replaceAll("\\", "/"), id];
  }));
  const registries = new Set(
    [...placed.keys()].map((folder) => folder.slice(0, folder.indexOf("/", npmCache.length + 1))),
  );
  const others = [...registries].flatMap(packagesIn).filter((folder) => !placed.has(folder));
  const unneeded = [...placed].flatMap(([folder, id]) => {
    return unneededPaths({ folder, files: filesBelow(folder), isOnlyImported: !required.has(id) });
  });
  return [...unneeded, ...others].map((path) => `--exclude=${path}`);
}

/** As many of them as a command line takes: a binary with more in it starts as well. */
function fitting(args: readonly string[]): string[] {
  let left = MAX_COMMAND_LINE;
  return args.filter((arg) => (left -= arg.length + 3) > 0);
}

const options = ["--no-check", "--no-prompt", ...PERMISSIONS, ...INCLUDED.flatMap((path) => ["--include", path])];
const isNamed = Deno.args.some((arg) => /^(?:-o|--output)/.test(arg));
const output = isNamed ? [] : ["--output", "dist/chat"];
const args = ["compile", ...options, ...fitting(await excluded()), ...output, ...Deno.args, ENTRY];
const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
Deno.exit(code);
