import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { Configuration } from "./configuration.ts";
import { readConfiguration } from "./configuration_file.ts";
import { isConfigured, SETTINGS } from "./settings.ts";

/** The command line that comes of all three. */
async function argumentsOf(line: string, env: Record<string, string>, file?: string): Promise<string[]> {
  const configuration = new Configuration(line.split(" "), {
    env: (variable) => env[variable],
    readFile: (path) => {
      if (file === undefined) throw new ChatError("usage", `cannot read ${path}`);
      return file;
    },
  });
  return (await configuration.read()).args;
}

/** What is wrong with a file, without its name. */
function faultOf(text: string): string {
  const error = assertThrows(() => readConfiguration(text, "chat.yaml"), ChatError);
  assertEquals([error.code, error.message.includes("\n")], ["usage", false]);
  return error.message.replace('"chat.yaml":', "");
}

Deno.test("the command line counts before the environment, and that before the file", async () => {
  const file = "relay: 1\nframe: 2\nslash: 3\nallow: [10.0.0.0/8, 192.0.2.1]\ndeny: 192.0.2.2\ntable: true\n";
  const env = {
    CHAT_FRAME: "12",
    CHAT_SLASH: "13",
    CHAT_TABLE: "false",
    CHAT_DENY: "192.0.2.3, @more.txt",
    CHAT_ROOM: "",
  };
  assertEquals(await argumentsOf("serve --config chat.yaml --slash 23", env, file), [
    "serve",
    ...["--relay=1", "--allow=10.0.0.0/8", "--allow=192.0.2.1"],
    ...["--frame=12", "--deny=192.0.2.3", "--deny=@more.txt"],
    ...["--config", "chat.yaml", "--slash", "23"],
  ]);
});

Deno.test("the environment may name the file, and the command line another one", async () => {
  const env: Record<string, string> = { CHAT_CONFIG: "chat.yaml" };
  assertEquals(await argumentsOf("serve", env, "rate: 5"), ["serve", "--rate=5", "--config=chat.yaml"]);
  const other = new Configuration(["serve", "--config=other.yaml"], { env: (name) => env[name], readFile: () => "" });
  assertEquals(other.file, "other.yaml");
});

Deno.test("without a file and variables nothing is configured, and an option's value is no option", () => {
  assertEquals(isConfigured(["serve", "--relay", "4100"], () => undefined), false);
  assertEquals(isConfigured(["serve", "--config", "x"], () => undefined), true);
  assertEquals(isConfigured(["serve"], (name) => name === "CHAT_MAX_MESSAGE" ? "1" : undefined), true);
});

Deno.test("a file that is empty, or comments alone, says nothing", () => {
  for (const text of ["", "# nothing\n", "---\n", "\ufeff"]) {
    assertEquals(readConfiguration(text, "chat.yaml").size, 0, text);
  }
});

Deno.test("each mistake in a file is told with its line, and what would be right", () => {
  const cases: readonly [text: string, fault: string | RegExp][] = [
    ["relay: 1\n\nmax-mesage: 5\n", '3: "max-mesage" is no option: did you mean max-message?'],
    ["xyzzy: 5\n", '1: "xyzzy" is no option: chat serve --help has them all'],
    [
      "relay: 1\nmax-message: many\n",
      '2: max-message: "many" is not possible: write a whole number from 1 to 1073740800',
    ],
    ["max-message: 1.5\n", '1: max-message: "1.5" is not possible: write a whole number from 1 to 1073740800'],
    ["idle-timeout:\n", '1: idle-timeout: "" is no length of time: write a number with ms, s, m or h, from 1ms to 24h'],
    ["log-level: loud\n", '1: log-level: unknown log level "loud": choose debug or info or warning or error'],
    ["table: yes\n", '1: table: "yes" is neither true nor false'],
    ["relay: [1, 2]\n", "1: relay takes one value, and no list"],
    ["relay: 1\nallow:\n  - a\n  - ''\n", '4: allow: "" is no NETWORK: write at least one character'],
    ["relay: 1\nrelay: 2\n", "2: relay is there twice"],
    ["limits:\n  rate: 5\n", /^2: limits takes a value, or a list of values, and nothing else$/],
    ["allow:\n  - [a]\n", /^2: allow takes a value/],
    ["- relay\n", "1: write a line for each option, NAME: VALUE"],
    ["relay\n", "1: write a line for each option, NAME: VALUE"],
    ["relay: 1\n---\nframe: 2\n", /one document/],
    ["relay: &port 1\nframe: *port\n", "2: write the value itself, and no *alias"],
    ["relay: 1\nframe: [1\nroom: 2\n", /^3: it is no YAML: /],
    ["config: other.yaml\n", /^1: config is for the command line/],
    ["\x1b[31m: 1\n", /^1: (?:"\\u001b\[31m" is no option|it is no YAML)/],
  ];
  for (const [text, fault] of cases) {
    if (typeof fault === "string") assertEquals(faultOf(text), fault);
    else assertMatch(faultOf(text), fault);
  }
});

Deno.test("a variable that cannot be followed is told by its name, and a file that cannot be read by its path", async () => {
  const wrong = await assertRejects(() => argumentsOf("serve", { CHAT_RELAY: "telnet" }), ChatError);
  assertEquals(wrong.message, 'CHAT_RELAY: "telnet" is no port: write 1 to 65535, 0 for any free one, or off');
  await assertRejects(() => argumentsOf("serve --config nowhere.yaml", {}), ChatError, "cannot read nowhere.yaml");
});

Deno.test("each option that help shows can be in a file and in the environment, under its own name", () => {
  const names = SETTINGS.map(({ name }) => name);
  assertEquals(names.length, new Set(names).size);
  for (const { name, variable } of SETTINGS) {
    assertMatch(name, /^[a-z]+(?:-[a-z]+)*$/);
    // What the tasks and the binary may read: CHAT_*.
    assertEquals(variable, `CHAT_${name.toUpperCase().replaceAll("-", "_")}`);
  }
  for (const name of ["relay", "relay-send", "max-message", "allow", "table", "nats", "config"]) {
    assertEquals(names.includes(name), true, name);
  }
  assertEquals(names.includes("relay-reply"), false, "what goes in the next version is not offered");
});
