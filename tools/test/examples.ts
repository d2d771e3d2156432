/**
 * The examples in doc comments, as tests of one module: each in a module of its own, as `deno test --doc` has them, costs more than
 * all of them do.
 *
 * @module
 */

/** An example as it stands in a doc comment. */
interface Example {
  /** The line that it begins in. */
  readonly line: number;
  /** What is imported, and what that is called: `{ a, b as c }`. */
  readonly imports: readonly { readonly names: string; readonly from: string }[];
  /** All other lines. */
  readonly body: string;
}

const COMMENT = /\/\*\*[\s\S]*?\*\//g;
const FENCE = /^```(?:ts|js|typescript|javascript)\n([\s\S]*?)^```$/gm;
const IMPORT = /^import\s+(type\s+)?(\{[^}]*\}|\w+)\s+from\s+"([^"]+)";\n?/gm;
const EXPORT = /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|const|let|enum)\s+(\w+)/gm;

function examplesIn(source: string): Example[] {
  return [...source.matchAll(COMMENT)].flatMap((comment) => {
    const text = comment[0].replace(/^[ \t]*\*(?: |$)/gm, "");
    return [...text.matchAll(FENCE)].map((fence) => {
      const line = source.slice(0, comment.index).split("\n").length + text.slice(0, fence.index).split("\n").length -
        1;
      const code = fence[1]!;
      const imports = [...code.matchAll(IMPORT)].flatMap(([, isType, names, from]) => {
        return isType === undefined ? [{ names: names!, from: from! }] : [];
      });
      return { line, imports, body: code.replace(IMPORT, "") };
    });
  });
}

/** `{ a, type B, c as d }` as it is taken from a namespace: `{ a, c: d }`. */
function destructured(names: string): string {
  const parts = names.slice(1, -1).split(",").map((part) => part.trim()).filter((part) => !/^$|^type\s/.test(part));
  return `{ ${parts.map((part) => part.replace(/\s+as\s+/, ": ")).join(", ")} }`;
}

/**
 * A module of tests, one for each example in these files. Each of them sees what the file exports, as with `deno test --doc`.
 *
 * @param files what is in each, and where it is.
 */
export function testsOfExamples(
  files: readonly { readonly path: string; readonly url: URL; readonly source: string }[],
): string {
  const modules = new Map<string, string>();
  const namespace = (specifier: string) => {
    const known = modules.get(specifier) ?? `module${modules.size}`;
    modules.set(specifier, known);
    return known;
  };
  const tests = files.flatMap(({ path, url, source }) => {
    const exported = [...source.matchAll(EXPORT)].map((match) => match[1]!);
    return examplesIn(source).map(({ line, imports, body }) => {
      const isImported = (name: string) => imports.some(({ names }) => new RegExp(`\\b${name}\\b`).test(names));
      const used = exported.filter((name) => new RegExp(`\\b${name}\\b`).test(body) && !isImported(name));
      const own = used.length === 0 ? [] : [`const { ${used.join(", ")} } = ${namespace(url.href)};`];
      const others = imports.map(({ names, from }) => {
        const specifier = from.startsWith(".") ? new URL(from, url).href : from;
        return `const ${destructured(names)} = ${namespace(specifier)};`;
      });
      const name = JSON.stringify(`${path}:${line}, the example`);
      return `Deno.test(${name}, async () => {\n${[...own, ...others].join("\n")}\n{\n${body}}\n});\n`;
    });
  });
  const imports = [...modules].map(([specifier, name]) => `import * as ${name} from ${JSON.stringify(specifier)};\n`);
  // Their types are checked where they stand, by `deno check --doc`.
  return `// @ts-nocheck\n// deno-lint-ignore-file\n${imports.join("")}\n${tests.join("\n")}`;
}
