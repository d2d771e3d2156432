/**
 * Who may import whom, and who may touch the world outside: the house of `docs/architecture.md`, as data.
 * `check_layers.ts` holds imports against it, and `lint.ts` the use of globals.
 *
 * @module
 */

/** What a layer may touch beside its arguments: the runtime (files, signals), clocks (timers and chance, too), and sockets. */
export type World = "runtime" | "clocks" | "sockets";

/** A part of the house. */
export interface Layer {
  /** What reports call it. */
  readonly name: string;
  /** Its files, and its folders with a slash behind them; paths from the project's root. The longest match counts. */
  readonly holds: readonly string[];
  /** The layers that its modules may import, besides their own. */
  readonly imports: readonly string[];
  /** Layers from which `import type` is allowed as well. */
  readonly importsTypes?: readonly string[];
  /** The layers that its tests may import on top of that. */
  readonly testsImport?: readonly string[];
  /** Packages and `node:` modules, as import statements spell them; whatever lies below one of them, too. */
  readonly packages?: readonly string[];
  /** What it may touch. Its tests may touch anything. */
  readonly touches?: readonly World[];
  /**
   * That each of its folders stands alone: none imports another but those that are named here, which all share. All may import
   * the files beside them.
   */
  readonly foldersStandAlone?: { readonly shared: readonly string[] };
}

const BELOW_COMMANDS = ["dialects", "hub", "transport", "core"];
const EVERYTHING = [
  "main",
  "options",
  "configuration",
  "cli",
  "server",
  "client",
  "conformance",
  "cluster",
  ...BELOW_COMMANDS,
  "terminal",
  "simulation",
  "manifest",
];

/** The layers, top down. */
export const LAYERS: readonly Layer[] = [
  {
    name: "main",
    holds: ["main.ts", "lib/cli.ts", "lib/permissions.ts"],
    imports: ["options", "configuration", "cli", "signals", "server", "client", "conformance", "dialects", "core"],
    testsImport: ["manifest"],
    packages: ["@optique/core"],
    touches: ["runtime"],
  },
  // Read at every start, and so apart from the commands, which are loaded when they are asked for.
  {
    name: "options",
    holds: [
      "lib/server/options.ts",
      "lib/server/cluster_options.ts",
      "lib/server/port_value.ts",
      "lib/server/origin_value.ts",
      "lib/server/admin/admin_place_value.ts",
      "lib/client/options.ts",
      "conformance/options.ts",
      "conformance/option_values.ts",
      "conformance/submissions/options.ts",
      "conformance/watch/options.ts",
      "conformance/record/options.ts",
      "conformance/stress/options.ts",
    ],
    imports: ["cli", "report formats", "dialects", "core"],
    importsTypes: ["server", "client", "conformance"],
    packages: ["@optique/core"],
  },
  // The same options from elsewhere, loaded when something is there.
  {
    name: "configuration",
    holds: ["lib/server/configuration/"],
    imports: ["options", "core"],
    packages: ["@optique/core", "js-yaml"],
  },
  // A table, whose entries are loaded when they are used.
  {
    name: "report formats",
    holds: [
      "conformance/reports/formats.ts",
      "conformance/reports/detail/detail_levels.ts",
      "conformance/stress/faults.ts",
      "conformance/fixtures/suite_version.ts",
    ],
    imports: ["conformance", "core"],
  },
  {
    name: "cli",
    holds: ["lib/cli/"],
    imports: ["dialects", "core"],
    testsImport: ["main", "conformance", "manifest"],
    packages: ["@optique/core"],
  },
  { name: "signals", holds: ["lib/cli/signals.ts"], imports: [], touches: ["runtime"] },
  {
    name: "server",
    holds: ["lib/server/"],
    imports: ["signals", "cluster", ...BELOW_COMMANDS],
    testsImport: ["simulation"],
    packages: ["@logtape/logtape", "node:crypto", "node:net", "prom-client"],
    touches: ["runtime"],
  },
  {
    name: "client",
    holds: ["lib/client/"],
    imports: ["signals", "terminal", ...BELOW_COMMANDS],
    testsImport: ["server", "simulation"],
    packages: ["node:buffer", "node:process", "node:readline", "node:stream"],
    touches: ["runtime"],
  },
  {
    name: "conformance",
    holds: ["conformance/"],
    // The self-test plays in the simulation.
    imports: ["report formats", "terminal", "simulation", ...BELOW_COMMANDS],
    testsImport: ["options", "server", "report schema"],
    packages: [
      "@std/bytes",
      "@std/html",
      "fast-xml-builder",
      "js-yaml",
      "markdown-table",
      "node:timers",
      "shell-quote",
    ],
    touches: ["runtime"],
  },
  {
    name: "dialects",
    holds: ["lib/dialects/"],
    imports: ["hub", "core"],
    testsImport: ["simulation", "transport"],
    foldersStandAlone: { shared: ["session", "testing", "text"] },
  },
  // The deterministic world: for tests, and for the self-test.
  {
    name: "simulation",
    holds: ["lib/simulation/"],
    imports: ["transport", "core"],
    packages: ["node:process"],
    touches: ["runtime"],
  },
  {
    name: "transport",
    holds: ["lib/transport/"],
    imports: ["core"],
    packages: ["node:crypto", "node:dns", "node:net", "node:tls"],
    touches: ["runtime", "sockets"],
  },
  { name: "terminal", holds: ["lib/terminal/"], imports: [], packages: ["get-east-asian-width"] },
  // Many nodes, one hub.
  {
    name: "cluster",
    holds: ["lib/cluster/"],
    imports: ["hub", "core"],
    testsImport: ["simulation"],
    packages: ["@nats-io/jetstream", "@nats-io/kv", "@nats-io/nats-core", "@nats-io/transport-node"],
  },
  // The page in a browser, which is made one file of: what it knows and does, and how that looks.
  { name: "page", holds: ["lib/page/"], imports: ["core"], testsImport: ["dialects", "hub"] },
  {
    name: "page in the browser",
    holds: ["lib/page/main.ts", "lib/page/view/"],
    imports: ["page", "core"],
    touches: ["runtime", "sockets"],
  },
  { name: "hub", holds: ["lib/hub/"], imports: ["core"], packages: ["unhomoglyph"] },
  { name: "core", holds: ["lib/core/"], imports: [] },
  { name: "manifest", holds: ["deno.json", "package.json"], imports: [] },
  { name: "report schema", holds: ["docs/report.schema.json", "docs/marks.schema.json"], imports: [] },

  // Beside the house: nothing in it may import these.
  {
    name: "bench",
    holds: ["bench/"],
    imports: EVERYTHING,
    packages: ["markdown-table"],
    touches: ["runtime", "sockets"],
  },
  {
    name: "tests",
    holds: ["tests/"],
    imports: [...EVERYTHING, "signals"],
    packages: ["@std/assert", "@std/bytes", "fast-check", "js-yaml"],
    touches: ["runtime", "sockets"],
  },
  {
    name: "packaging",
    holds: ["packaging/"],
    imports: ["main", "cli", "dialects", "core"],
    packages: ["@optique/core"],
    touches: ["runtime"],
  },
  { name: "tools", holds: ["tools/"], imports: [], packages: ["node:process", "node:url"], touches: ["runtime"] },
];

/** Packages that every layer's tests may import. */
export const TEST_PACKAGES: readonly string[] = [
  "@std/assert",
  "@xterm/headless",
  "ajv",
  "fast-check",
  "node:net",
  // The collector of the engine, for tests that count what is left in memory.
  "node:stream",
  "node:v8",
  "node:vm",
  "saxes",
  "selfsigned",
  "tap-parser",
];

/** The folder beside the code it doubles, for what only tests import: it may do what tests may. */
const TESTING = "/testing/";

/** The globals that are a piece of the world, and which. A dotted one is only that member of its global. */
export const WORLD_GLOBALS: Readonly<Record<string, World>> = {
  "Deno": "runtime",
  "process": "runtime",
  "Date": "runtime",
  "Date.now": "clocks",
  "setTimeout": "clocks",
  "setInterval": "clocks",
  "setImmediate": "clocks",
  "performance": "clocks",
  "Math.random": "clocks",
  "crypto.getRandomValues": "clocks",
  "crypto.randomUUID": "clocks",
  "Worker": "runtime",
  "globalThis": "runtime",
  "Deno.connect": "sockets",
  "Deno.connectTls": "sockets",
  "Deno.listen": "sockets",
  "Deno.listenDatagram": "sockets",
  "Deno.listenTls": "sockets",
  "Deno.startTls": "sockets",
  "fetch": "sockets",
  "WebSocket": "sockets",
};

/**
 * Who reads real clocks, sets real timers or draws random numbers in `lib/` and `conformance/`: all others take a `Runtime`, so
 * that they run in the simulation as well.
 */
export const READS_CLOCKS: readonly string[] = [
  // The ports themselves, and what is about real sockets alone.
  "lib/transport/",
  // Lets promises settle between two turns.
  "lib/simulation/virtual_time.ts",
  // Dates for people, in the log and in certificates; and the end of a program that does not stop by itself.
  "lib/server/log/log.ts",
  "lib/server/certificate_watch.ts",
  "lib/server/serve.ts",
  // What a terminal client has around it, and a name for a file that is not there yet.
  "lib/client/system_environment.ts",
  "lib/client/session/waiter.ts",
  "lib/client/frontend/",
  "conformance/reports/destination.ts",
  // Other programs, which live in real time.
  "conformance/run/server/",
  "conformance/client/",
  // A real engine, which lives in real time as well.
  "lib/cluster/nats/",
  // A browser, which lives in real time as well.
  "lib/page/main.ts",
  "lib/page/view/",
  // A seed that nobody has chosen.
  "conformance/play_part.ts",
];

/** Whether a file may read real clocks. */
export function readsClocks(path: string): boolean {
  if (!path.startsWith("lib/") && !path.startsWith("conformance/")) return true;
  return READS_CLOCKS.some((place) => place.endsWith("/") ? path.startsWith(place) : path === place);
}

/** Whether a file holds tests. */
export function isTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

/** Whether a file is only there for tests, and so may import and touch more than its layer does. */
export function isForTests(path: string): boolean {
  return isTest(path) || path.includes(TESTING) || path.startsWith("tests/");
}

/** The layer that holds a file, if any does. A test is where the file is that it tests. */
export function layerOf(path: string, layers: readonly Layer[]): Layer | undefined {
  const tested = path.replace(/_test\.ts$/, ".ts");
  let found: Layer | undefined;
  let length = 0;
  for (const layer of layers) {
    for (const place of layer.holds) {
      const holds = place.endsWith("/") ? path.startsWith(place) : tested === place;
      if (holds && place.length > length) [found, length] = [layer, place.length];
    }
  }
  return found;
}
