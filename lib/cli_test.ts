import { assert, assertEquals, assertMatch, assertObjectMatch, assertStringIncludes, assertThrows } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import type { ConformOptions } from "../conformance/conform.ts";
import { playArguments } from "../conformance/submissions/play_arguments.ts";
import { ChatError } from "./core/error.ts";
import { parseCommandLine } from "./cli.ts";
import { DIALECTS } from "./dialects/registry.ts";

const PAGE = { isTerminal: false, colors: false, columns: 100 };

function parse(line: string) {
  return parseCommandLine(line.split(" ").filter((word) => word !== ""), PAGE);
}

function errorOf(line: string): string {
  const error = assertThrows(() => parse(line), ChatError);
  assertEquals(error.code, "usage");
  assertEquals(error.message.includes("\n"), false, "one line");
  return error.message;
}

function printed(line: string): string {
  const asked = parse(line);
  return asked.kind === "print" ? asked.text : `not printed: ${asked.kind}`;
}

Deno.test("serve without options listens on loopback, on default ports that nobody asked for", () => {
  const ports = DIALECTS.filter(({ transport }) => transport === "tcp").map(({ name, defaultPort }) => [
    name,
    { port: defaultPort, asked: false },
  ]);
  assertObjectMatch(parse("serve"), {
    kind: "serve",
    options: {
      host: "127.0.0.1",
      ports: { ...Object.fromEntries(ports), "relay-send": "off" },
      retired: { "relay-reply": undefined },
      ackTimeout: 5_000,
      maxMessage: 65_536,
    },
  });
});

Deno.test("serve takes its options joined or apart", () => {
  const line =
    "serve --host ::1 --relay=4100 --frame off --relay-send 4102 --relay-reply SEND --ack-timeout=500ms --max-message 1024";
  assertObjectMatch(parse(line), {
    kind: "serve",
    options: {
      host: "::1",
      ports: { relay: { port: 4100, asked: true }, frame: "off", "relay-send": { port: 4102, asked: true } },
      retired: { "relay-reply": "SEND" },
      ackTimeout: 500,
      maxMessage: 1_024,
    },
  });
});

Deno.test("a message that cannot fit into a socket's queue is refused at the start", () => {
  assertEquals(
    errorOf("serve --max-queue 4096"),
    "--max-message 65536 does not fit into --max-queue 4096: choose a queue of at least 66560",
  );
});

Deno.test("connect takes a name and a server, or neither", () => {
  assertObjectMatch(parse("connect"), {
    kind: "connect",
    options: { name: undefined, server: undefined, dialect: "relay", messageLogDir: undefined, clientPort: undefined },
  });
  assertObjectMatch(parse("connect --server chat.example:4100 --dialect frame --transcript-dir kept"), {
    kind: "connect",
    options: {
      name: undefined,
      server: { hostname: "chat.example", port: 4100 },
      dialect: "frame",
      messageLogDir: "kept",
    },
  });
});

Deno.test("conform finds out what a server speaks, and plays all embedded fixtures, unless it is told otherwise", () => {
  const defaults = {
    filters: [],
    list: false,
    strict: false,
    timeout: 5_000,
    jobs: 8,
    fixtures: [],
    embedded: true,
    serverCommand: undefined,
    startTimeout: 10_000,
    fresh: false,
    segmentation: false,
    shuffle: false,
    repeat: 1,
    failFast: false,
    seed: undefined,
  };
  assertObjectMatch(parse("conform --target localhost"), {
    kind: "conform",
    options: { ...defaults, targets: [{ dialect: undefined, hostname: "localhost", port: undefined }] },
  });
  const line = "conform --target [::1]:4100 --filter a --filter b --fixtures c --fixtures d --no-embedded --strict " +
    "--timeout 1s --jobs 1 --list --server-cmd server --start-timeout 1m --fresh " +
    "--segmentation --shuffle --repeat 2 --fail-fast --seed 7";
  assertObjectMatch(parse(line), {
    kind: "conform",
    options: {
      targets: [{ dialect: undefined, hostname: "::1", port: 4100 }],
      filters: ["a", "b"],
      list: true,
      strict: true,
      timeout: 1_000,
      jobs: 1,
      fixtures: ["c", "d"],
      embedded: false,
      serverCommand: "server",
      startTimeout: 60_000,
      fresh: true,
      segmentation: true,
      shuffle: true,
      repeat: 2,
      failFast: true,
      seed: 7,
    },
  });
});

function targets(line: string) {
  const command = parse(line);
  return command.kind === "conform" ? command.options.targets : [];
}

Deno.test("conform asks several servers, each in the dialect before its address or else in the one that is said", () => {
  const both = [{ dialect: "frame", hostname: "a", port: 1 }, { dialect: undefined, hostname: "b", port: 2 }];
  assertEquals(targets("conform --target frame=a:1 --target b:2"), both);
  assertEquals(targets("conform --target frame=a:1 --target b:2 --dialect auto"), both);
  assertEquals(targets("conform --target frame=a:1 --target b:2 --dialect room").map(({ dialect }) => dialect), [
    "frame",
    "room",
  ]);
  assertMatch(errorOf("conform --target klingon=a:1"), /unknown dialect "klingon": choose relay or /);
});

Deno.test("conform starts a server on this machine, unless it is told another address, and starts it anew only then", () => {
  const { options } = parse("conform --server-cmd s --dialect room") as { options: ConformOptions };
  assertEquals(options.targets, [{ dialect: "room", hostname: "127.0.0.1" }]);
  assertEquals(
    errorOf("conform --target a:1 --spread"),
    "--spread needs several servers of one hub: name each with a --target of its own",
  );
  assertEquals(
    errorOf("conform --target a:1 --target a:1 --spread"),
    "--spread needs another server in each --target: two of them are the same",
  );
  assertEquals(
    errorOf("conform --target relay=a:1 --target slash=a:2 --spread"),
    "--spread has one client on one server and the next on another: they must speak the same, and not relay and slash",
  );
  assertEquals(
    errorOf("conform --target a:1 --target a:2 --server-cmd x --spread"),
    "--spread is for servers that are one hub and run already: leave out --server-cmd and --client-cmd",
  );
  assertEquals(
    errorOf("conform --target a:1 --fresh"),
    "--fresh starts a server again: say how with --server-cmd COMMAND",
  );
});

Deno.test("conform writes reports, known failures and reproducers where it is told to", () => {
  const { options } = parse(
    "conform --target a:1 --report text --report junit=out/a=b.xml --write-expect known --reproduce out",
  ) as { options: ConformOptions };
  const { reports, expect, writeExpect, reproduce } = options;
  assertEquals({ reports, expect, writeExpect, reproduce }, {
    reports: [{ format: "text" }, { format: "junit", file: "out/a=b.xml" }],
    expect: undefined,
    writeExpect: "known",
    reproduce: "out",
  });
  const { options: told } = parse("conform --target a:1 --detail none --report html=a,b.html,detail=full") as {
    options: ConformOptions;
  };
  assertEquals([told.detail, told.reports], ["none", [{ format: "html", file: "a,b.html", detail: "full" }]]);
  assertMatch(errorOf("conform --target a:1 --report tap,detail=some"), /unknown detail "some": choose full or /);
  assertMatch(errorOf("conform --target a:1 --report xml"), /unknown report "xml": choose text or tap or junit /);
  assertMatch(errorOf("conform --target a:1 --report tap="), /"" is no FILE: write at least one character/);
  assertMatch(errorOf("conform --target a:1 --expect a --write-expect b"), /^--expect and --write-expect exclude /);
  assertMatch(errorOf("conform --list --reproduce a"), /^--list plays nothing: leave out --report, /);
  assertEquals(printed("completion bash conform --report ju").trim(), "junit");
});

Deno.test("conform counts the fixtures of a version of the suite, which is none that is to come", () => {
  assertEquals((parse("conform --target a:1 --suite 0.1") as { options: ConformOptions }).options.suite, "0.1");
  assertMatch(errorOf("conform --target a:1 --suite 99.0"), /"99.0" is no version of this suite: write one up to \d/);
  assertMatch(errorOf("conform --target a:1 --suite new"), /"new" is no version of this suite/);
});

Deno.test("conform watches what it starts, and needs standard output for that", () => {
  const watching = parse("conform --server-cmd s --watch --watch-path src --watch-path lib") as {
    options: ConformOptions;
  };
  assertEquals(watching.options.watch, { paths: ["src", "lib"] });
  const built = parse("conform --server-cmd s --watch --build-cmd make --build-timeout 9s") as typeof watching;
  assertEquals(built.options.watch, { paths: [], build: { command: "make", timeout: 9_000 } });
  assertMatch(errorOf("conform --server-cmd s --build-cmd make"), /^--build-cmd is for a course/);
  assertEquals((parse("conform --server-cmd s") as { options: ConformOptions }).options.watch, undefined);
  assertEquals(parse("conform --client-cmd c --dialect relay --watch").kind, "conform");
  assertMatch(errorOf("conform --target a:1 --watch"), /^--watch starts the program again .* --server-cmd /);
  assertMatch(errorOf("conform --server-cmd s --watch-path a"), /^--watch-path says what --watch is to watch/);
  assertMatch(errorOf("conform --server-cmd s --watch --report tap"), /: give the report a file, --report tap=FILE$/);
  assertMatch(errorOf("conform --server-cmd s --watch --stress 1s"), /leave out --stress$/);
  assertMatch(errorOf("conform --server-cmd s --watch --list"), /leave out --watch$/);
});

Deno.test("conform needs a target, unless it only lists", () => {
  assertEquals(
    errorOf("conform"),
    "say which server: chat conform --target HOST:PORT, or which client: --client-cmd COMMAND; see chat conform --help",
  );
  assertEquals(parse("conform --list").kind, "conform");
});

Deno.test("a misspelled command or option is answered with what it was meant to be", () => {
  assertEquals(errorOf("serv"), "unexpected option or subcommand: `serv`. Did you mean `serve`?");
  assertMatch(errorOf("serve --hots x"), /Did you mean .*`--host`/);
  assertStringIncludes(errorOf("connect --sever x"), "Did you mean `--server`?");
});

Deno.test("any other misuse says where the help is", () => {
  for (
    const [line, help] of [
      ["frobnicate", "see chat --help"],
      ["--frobnicate", "see chat --help"],
      ["serve extra", "see chat serve --help"],
      ["serve --host", "see chat serve --help"],
      ["serve --host a --host b", "see chat serve --help"],
      ["connect a b", "see chat connect --help"],
      ["completion", "see chat --help"],
      ["completion tcsh", "see chat --help"],
      ["help frobnicate", "see chat --help"],
      ["", "see chat --help"],
    ] as const
  ) assertMatch(errorOf(line), new RegExp(`; ${help}$`), line);
});

Deno.test("a wrong value names its option and says what would be right", () => {
  assertMatch(errorOf("connect --dialect foo"), /^`--dialect`: unknown dialect "foo": choose relay/);
  assertMatch(errorOf("serve --relay 65536"), /^`--relay`: "65536" is no port: write /);
  assertMatch(errorOf("serve --ack-timeout 5"), /^`--ack-timeout`: "5" is no length of time: write /);
  assertMatch(errorOf("serve --max-message 0"), /^`--max-message`: "0" is not possible: write /);
  assertMatch(errorOf("connect --server :1"), /^`--server`: ":1" is no address: write /);
});

Deno.test("help lists the commands, and each command's help lists all of its options with their defaults", () => {
  for (const line of ["--help", "-h", "help"]) {
    for (const word of ["serve", "connect", "conform", "completion"]) assertStringIncludes(printed(line), `  ${word} `);
  }
  for (const line of ["serve --help", "help serve"]) {
    const help = printed(line);
    for (const word of ["--host", "--relay", "--relay-send", "--ack-timeout", "--max-message", "--log-level"]) {
      assertStringIncludes(help, word);
    }
    assertStringIncludes(help, '["5s"]');
  }
  const help = printed("conform --help").replace(/\s+/g, " ");
  for (const option of ["--dialect", "--report"]) {
    const asked = parseCommandLine(["completion", "bash", "conform", option, ""], PAGE);
    const offered = asked.kind === "print" ? asked.text.trim().split(/\n+/) : [];
    assert(offered.length > 1, option);
    const said = help.split(` ${option} `)[1]!.split(" --")[0]!;
    for (const word of offered) assertMatch(said, new RegExp(`[:,] (or )?${word.replace("=", "")}\\b`));
  }
  assertStringIncludes(help, "auto, the default");
  assertStringIncludes(help, "text by default");
});

Deno.test("help keeps within its columns", () => {
  const asked = parseCommandLine(["serve", "--help"], { ...PAGE, columns: 60 });
  assertEquals(asked.kind, "print");
  for (const line of asked.kind === "print" ? asked.text.split("\n") : []) {
    assertEquals(line.trimEnd().length <= 60, true, line);
  }
});

Deno.test("the version is that of deno.json", () => {
  assertEquals(printed("--version"), manifest.version);
  assertEquals(printed("serve -V"), manifest.version);
});

Deno.test("there is a completion script for each shell, and it completes options and their values", () => {
  for (const shell of ["bash", "zsh", "fish", "pwsh"]) assertStringIncludes(printed(`completion ${shell}`), "chat");
  assertEquals(printed("completion bash serve --relay-").trim(), "--relay-send", "what goes is not offered");
  assertEquals(printed("completion bash conform --fil").trim(), "--filter");
  const asked = parseCommandLine(["completion", "bash", "serve", "--log-level", ""], PAGE);
  assertEquals(asked.kind === "print" && asked.text.split(/\n+/), ["debug", "info", "warning", "error"]);
});

Deno.test("conform reads what many clients do at once, and says what is wrong with it", () => {
  const asked = parse("conform --target relay=localhost --stress 10s --users 40 --faults reset,stall");
  assertObjectMatch(asked, { options: { stress: { duration: 10_000, users: 40, faults: ["reset", "stall"] } } });
  assertMatch(errorOf("conform --target relay=localhost --shrink 5s"), /--shrink is for many clients at once/);
  const none = parse("conform --target relay=localhost --stress 10s --faults none");
  assertObjectMatch(none, { options: { stress: { duration: 10_000, users: 16, faults: [] } } });
  assertMatch(errorOf("conform --target relay=localhost --stress 10s --users 0"), /--users.*0.*from 1 to 100000/);
  assertMatch(
    errorOf("conform --target relay=localhost --stress 10s --faults flood"),
    /"flood" is no fault: name some of reset, /,
  );
  assertMatch(
    errorOf("conform --target relay=localhost --stress 10s --faults reset,freeze"),
    /--faults freeze stops the server for a moment: .*; leave it out/,
  );
  const unstarted = parse("conform --target relay=localhost --stress 10s");
  const started = parse("conform --dialect relay --server-cmd x --stress 10s");
  const canFreeze = (command: typeof started) =>
    command.kind === "conform" && command.options.stress?.faults.includes("freeze");
  assertEquals([canFreeze(unstarted), canFreeze(started)], [false, true]);
  assertMatch(errorOf("conform --target relay=localhost --stress soon"), /no length of time/);
  assertMatch(
    errorOf("conform --target relay=localhost --users 5"),
    /--users is for many clients at once: .* --stress TIME/,
  );
  assertMatch(errorOf("conform --target relay=localhost --stress 5s --shrink 0"), /--shrink.*0.*no length of time/);
  assertMatch(
    errorOf("conform --target relay=localhost --write-fixture found"),
    /--write-fixture is for many clients at once: .* --stress TIME/,
  );
  const found = parse("conform --target relay=localhost --stress 5s --shrink 10s --write-fixture found");
  assertObjectMatch(found, { options: { stress: { shrink: 10_000, writeFixture: "found" } } });
  assertMatch(errorOf("conform --dialect relay --client-cmd x --stress 5s"), /leave it out with --client-cmd/);
});

Deno.test("a server and a client that are tested together must be able to meet", () => {
  const both = "conform --dialect relay --server-cmd s --client-cmd c";
  assertEquals(targets(both), [{ dialect: "relay", hostname: "127.0.0.1" }]);
  assertEquals(targets(`${both} --listen localhost:4000`), [{ dialect: "relay", hostname: "localhost", port: 4000 }]);
  const cases: readonly (readonly [args: string, message: RegExp])[] = [
    ["conform --dialect relay --client-cmd c --target a:1", /say with --server-cmd how yours is started/],
    [`${both} --target a:1 --target b:1`, /one client meets one server/],
    [`${both} --target frame=a:1`, /the client speaks relay and the server frame: they must speak the same/],
    [`${both} --target a:1 --listen a:2`, /connects to port 2 \(--listen\) and the server listens on 1 \(--target\)/],
  ];
  for (const [args, message] of cases) assertMatch(errorOf(args), message, args);
});

Deno.test("what is asked for of a course is asked for of each submission", () => {
  const both = [
    ...[
      "conform",
      "--submissions",
      "course",
      "--dialect",
      "relay",
      "--strict",
      "--verbose",
      "--timeout",
      "7s",
      "--jobs",
      "3",
    ],
    ...[
      "--start-timeout",
      "9s",
      "--segmentation",
      "--shuffle",
      "--repeat",
      "2",
      "--stages",
      "--fail-fast",
      "--no-accommodate",
    ],
    ...["--seed", "5", "--fixtures", "own", "--filter", "x/*", "--filter", "y", "--no-embedded", "--suite", "0.1.0"],
    ...["--max-time", "3s", "--grading", "grading.yaml"],
  ];
  const server = ["--server-cmd", "a 'b c' {port}", "--target", "relay=[::1]:4000", "--fresh"];
  const client = ["--client-cmd=-c {host} {port}", "--client-input", "{name}\\n", "--pty", "--listen", "[::1]:4000"];
  for (const some of [[...server, "--tls", "--ca", "ca.pem", "--insecure"], client, [...server, ...client]]) {
    const asked = parseCommandLine([...both, ...some], PAGE);
    if (asked.kind !== "submissions") throw new TypeError(`this is ${asked.kind}`);
    const { conform, limits } = asked.options;
    const places = { folder: "out", grading: "grading.yaml" };
    const each = parseCommandLine(playArguments(conform, limits.time, places), PAGE);
    if (each.kind !== "conform") throw new TypeError(`this is ${each.kind}`);
    const { reports, reproduce, ...given } = each.options;
    const { reports: _none, reproduce: _neither, ...wanted } = conform;
    assertEquals(given, wanted);
    assertEquals([reports?.map(({ format }) => format), reproduce], [["text", "html", "json"], "out/scripts"]);
  }
});
