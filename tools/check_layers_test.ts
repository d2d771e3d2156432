import { assertEquals } from "@std/assert";
import { cycles, violations } from "./check_layers.ts";
import { type Import, readImports, sourceFiles } from "./imports.ts";
import { type Layer, LAYERS } from "./layers.ts";

const HOUSE: readonly Layer[] = [
  { name: "main", holds: ["main.ts"], imports: ["server"] },
  { name: "server", holds: ["server/"], imports: ["dialects"], packages: ["@logtape/logtape"] },
  { name: "cli", holds: ["cli.ts"], imports: [], importsTypes: ["server"] },
  {
    name: "dialects",
    holds: ["dialects/"],
    imports: [],
    testsImport: ["server"],
    foldersStandAlone: { shared: ["text"] },
  },
];

function file(from: string, to: string, more: Partial<Import> = {}): Import {
  return { from, line: 1, to, isFile: true, isTypeOnly: false, ...more };
}

Deno.test("an import downwards, within a layer, or from main is allowed", () => {
  const imports = [
    file("main.ts", "server/a.ts"),
    file("server/a.ts", "server/b.ts"),
    file("server/b.ts", "dialects/c.ts"),
  ];
  assertEquals(violations(imports, HOUSE), []);
});

Deno.test("of the folders that stand alone, those that are shared may be imported by the others", () => {
  assertEquals(violations([file("dialects/relay/a.ts", "dialects/text/b.ts")], HOUSE), []);
  assertEquals(violations([file("dialects/text/b.ts", "dialects/relay/a.ts")], HOUSE), [
    "dialects/text/b.ts:1 imports dialects/relay/a.ts: the folders of dialects stand alone",
  ]);
});

Deno.test("an import upwards is reported with the file, the line and the rule", () => {
  assertEquals(violations([file("dialects/c.ts", "server/a.ts", { line: 7 })], HOUSE), [
    "dialects/c.ts:7 imports server/a.ts: dialects may import nothing but itself",
  ]);
});

Deno.test("one dialect's import of another is reported, of what they share is not", () => {
  const imports = [
    file("dialects/relay/a.ts", "dialects/frame/b.ts"),
    file("dialects/relay/a.ts", "dialects/shared.ts"),
  ];
  assertEquals(violations(imports, HOUSE), [
    "dialects/relay/a.ts:1 imports dialects/frame/b.ts: the folders of dialects stand alone",
  ]);
});

Deno.test("where only types may be imported, a value is reported", () => {
  const imports = [file("cli.ts", "server/a.ts", { isTypeOnly: true }), file("cli.ts", "server/a.ts", { line: 2 })];
  assertEquals(violations(imports, HOUSE), ["cli.ts:2 imports server/a.ts: cli may import only types from server"]);
});

Deno.test("a test may import what its layer's tests may, and the test packages; other files may not", () => {
  const imports = [
    file("dialects/c_test.ts", "server/a.ts"),
    file("dialects/c_test.ts", "@std/assert", { isFile: false }),
    file("dialects/c.ts", "@std/assert", { isFile: false }),
  ];
  assertEquals(violations(imports, HOUSE), ["dialects/c.ts:1 imports @std/assert: dialects may import no packages"]);
});

Deno.test("what is only there for tests is imported by tests alone", () => {
  const imports = [
    file("lib/transport/tcp_test.ts", "lib/transport/testing/link_contract.ts"),
    file("lib/transport/tcp.ts", "lib/transport/testing/link_contract.ts"),
    file("lib/transport/tcp.ts", "lib/transport/memory_test.ts", { line: 2 }),
  ];
  assertEquals(violations(imports, LAYERS), [
    "lib/transport/tcp.ts:1 imports lib/transport/testing/link_contract.ts: only tests may import what is there for tests",
    "lib/transport/tcp.ts:2 imports lib/transport/memory_test.ts: nothing imports a test",
  ]);
});

Deno.test("a package that the layer has no business with is reported, what lies below an allowed one is not", () => {
  const imports = [
    file("server/a.ts", "@logtape/logtape/sink", { isFile: false }),
    file("server/a.ts", "node:child_process", { isFile: false }),
  ];
  assertEquals(violations(imports, HOUSE), [
    "server/a.ts:1 imports node:child_process: server may import no packages but @logtape/logtape",
  ]);
});

Deno.test("a file that has no place in the house is reported", () => {
  assertEquals(violations([file("main.ts", "utils.ts")], HOUSE), [
    "main.ts:1 imports utils.ts: utils.ts belongs to no layer; give it a place in tools/layers.ts",
  ]);
});

Deno.test("a cycle is reported once, the shortest way around", () => {
  const imports = [
    file("a", "b"),
    file("b", "c"),
    file("c", "a"),
    file("c", "b", { isTypeOnly: true }),
    file("d", "a"),
  ];
  assertEquals(cycles(imports), [["a", "b", "c", "a"]]);
});

Deno.test("a violation planted in real files is found by way of deno info", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const root = new URL(`file://${folder.replaceAll("\\", "/").replace(/^(?!\/)/, "/")}/`);
    const plant = (path: string, text: string) => Deno.writeTextFileSync(new URL(path, root), text);
    for (const path of ["lib", "lib/hub", "lib/dialects"]) Deno.mkdirSync(new URL(path, root));
    plant("deno.json", "{}");
    plant("lib/hub/hub.ts", `// the hub must not know any dialect\nimport type { A } from "../dialects/a.ts";\n`);
    plant("lib/dialects/a.ts", `export type { B } from "../hub/hub.ts";\nexport type A = number;\n`);
    const files = sourceFiles(root);
    assertEquals(files, ["lib/dialects/a.ts", "lib/hub/hub.ts"]);
    assertEquals(violations(await readImports(root, files), LAYERS), [
      "lib/hub/hub.ts:2 imports lib/dialects/a.ts: hub may import only core",
      "lib/dialects/a.ts imports lib/hub/hub.ts imports lib/dialects/a.ts: no cycles",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
