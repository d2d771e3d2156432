/**
 * What packaging and docs say of the dialects and their ports, made of the registry: `deno task generate` writes it.
 *
 * @module
 */

import { DIALECTS, serverPorts } from "../lib/dialects/registry.ts";

/** A file of which a part derives from the registry. */
export interface DerivedFile {
  /** The file. */
  readonly url: URL;
  /** The same text, with that part as it is to be; throws if the file has lost the place for it. */
  update(text: string): string;
}

const PROTOCOLS = new Map([["tcp", "TCP"], ["udp", "UDP"]]);
/** Each port that is open by default, once for each transport. */
const PORTS = DIALECTS.map(({ transport, defaultPort }) => ({ transport, port: defaultPort }));

function exposed(): string {
  const names = (wanted: string) => DIALECTS.filter(({ transport }) => transport === wanted).map(({ name }) => name);
  const comment = ["tcp", "udp"].map((transport) => names(transport).join(", ")).filter((list) => list !== "").join(
    "; ",
  );
  const ports = ["tcp", "udp"].flatMap((wanted) =>
    PORTS.filter(({ transport }) => transport === wanted).map(({ port, transport }) => `${port}/${transport}`)
  );
  return `# ${comment}\nEXPOSE ${ports.join(" ")}\n`;
}

/** @param offset how much higher the ports of the machine are than those of the container. */
function published(offset = 0): string {
  const lines = PORTS.map(({ port, transport }) =>
    `      - "${port + offset}:${port}${transport === "udp" ? "/udp" : ""}"\n`
  );
  return `    ports:\n${lines.join("")}`;
}

/** Two servers of one hub on one machine. */
function clustered(): string {
  return ["a", "b"].map((node, i) => {
    const command = `[serve, --host, "0.0.0.0", --nats, "nats://nats:4222", --node, ${node}]`;
    return `  ${node}:\n    <<: *chat\n    command: ${command}\n${published(i * 100)}`;
  }).join("");
}

function portTable(): string {
  const rows = DIALECTS.flatMap((dialect) =>
    serverPorts(dialect).map(({ option, defaultPort }) => [
      `[${dialect.name}](protocols/${dialect.name}.md)`,
      PROTOCOLS.get(dialect.transport),
      `\`--${option}\``,
      defaultPort ?? "off",
    ])
  );
  return [["dialect", "over", "option", "default"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** `relay, frame and slash`. */
function names(): string {
  const all = DIALECTS.map(({ name }) => name);
  return [all.slice(0, -1).join(", "), ...all.slice(-1)].filter((part) => part !== "").join(" and ");
}

function derived(path: string, place: RegExp, write: () => string): DerivedFile {
  return {
    url: new URL(path, import.meta.url),
    update(text) {
      if (!place.test(text)) throw new Error(`${path} has lost the place for what derives from the registry: ${place}`);
      return text.replace(place, write);
    },
  };
}

/** All of them. */
export const DERIVED_FILES: readonly DerivedFile[] = [
  derived("Containerfile", /^# [a-z0-9, ;]*\nEXPOSE .*\n/m, exposed),
  derived("compose.yaml", /^ {4}ports:\n(?: {6}- .*\n)+/m, () => published()),
  derived("cluster.yaml", /^ {2}a:\n[^]*/m, clustered),
  derived("../README.md", /\("dialect"\): [a-z0-9, -]+\.$/m, () => `("dialect"): ${names()}.`),
  derived("../docs/serve.md", /^\| dialect \| over \| option \| default \|\n(?:\|.*\n)+/m, portTable),
];

if (import.meta.main) {
  for (const { url, update } of DERIVED_FILES) await Deno.writeTextFile(url, update(await Deno.readTextFile(url)));
}
