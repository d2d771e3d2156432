/**
 * The project's import graph, as Deno itself sees it.
 *
 * @module
 */

/** One import statement. */
export interface Import {
  /** The importing file, from the project's root, with forward slashes. */
  readonly from: string;
  /** The line of the import, from 1. */
  readonly line: number;
  /** The imported file from the project's root, or the package as the statement spells it. */
  readonly to: string;
  /** Whether `to` is a file of this project. */
  readonly isFile: boolean;
  /** Whether it imports nothing but types. */
  readonly isTypeOnly: boolean;
}

/** What `deno info --json` prints, as far as it is read here. */
interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly { readonly specifier: string; readonly code?: Target; readonly type?: Target }[];
  }[];
}

interface Target {
  readonly specifier?: string;
  readonly span: { readonly start: { readonly line: number } };
}

const SKIPPED = new Set(["node_modules", "dist", "coverage"]);

/** All modules below a folder, sorted, as paths from it. Hidden folders, what is built, and mere declarations are left out. */
export function sourceFiles(root: URL, below = ""): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(new URL(below, root))) {
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory) files.push(...sourceFiles(root, `${below}${entry.name}/`));
    else if (/(?<!\.d)\.ts$/.test(entry.name)) files.push(below + entry.name);
  }
  return files.sort();
}

/**
 * Reads the imports of these files from one run of `deno info`. `root` ends in a slash and holds `deno.json`.
 * Throws if `deno info` fails.
 */
export async function readImports(root: URL, files: readonly string[]): Promise<Import[]> {
  // `deno info` takes one module: one that imports them all.
  const all = files.map((file) => `import ${JSON.stringify(new URL(file, root).href)};`).join("");
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `data:application/typescript,${encodeURIComponent(all)}`],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr).trim()}`);
  const imports = importsOf(JSON.parse(new TextDecoder().decode(stdout)) as Info, root);
  return imports.filter(({ from }) => files.includes(from));
}

function importsOf(info: Info, root: URL): Import[] {
  const imports: Import[] = [];
  for (const module of info.modules) {
    const from = pathOf(module.specifier, root);
    if (from === undefined) continue;
    for (const dependency of module.dependencies ?? []) {
      const target = dependency.code ?? dependency.type;
      if (target === undefined) continue;
      const file = target.specifier === undefined ? undefined : pathOf(target.specifier, root);
      imports.push({
        from,
        line: target.span.start.line + 1,
        to: file ?? dependency.specifier,
        isFile: file !== undefined,
        isTypeOnly: dependency.code === undefined,
      });
    }
  }
  return imports;
}

/** A file's path from the root, or `undefined` if it lies outside. */
function pathOf(specifier: string, root: URL): string | undefined {
  return specifier.startsWith(root.href) ? decodeURIComponent(specifier.slice(root.href.length)) : undefined;
}
