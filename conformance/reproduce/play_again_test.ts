import { assertEquals } from "@std/assert";
import { readCommand } from "../run/server/command.ts";
import { FAULT_KINDS } from "../stress/faults.ts";
import { someResult, someRun } from "../reports/testing/results.ts";
import type { Result, TargetRun } from "../results/verdict.ts";
import { commandAgain, type Invocation } from "./play_again.ts";

const GIVEN: Invocation = { strict: false, timeout: 5_000, jobs: 8, fixtures: [], startTimeout: 10_000 };
const FAILED = someResult({ name: "relay/send-gone", verdict: "fail" });

function again(result: Result, given: Partial<Invocation> = {}, more: Partial<TargetRun> = {}): string {
  return commandAgain(result, { ...someRun([result]), ...more }, { ...GIVEN, ...given });
}

Deno.test("a failure is played again with its fixture alone, and with the options that matter", () => {
  const { target } = someRun([]);
  const where = `--target ${target.hostname}:${target.port} --dialect relay`;
  assertEquals(again(FAILED), `chat conform ${where} --filter relay/send-gone`);
  assertEquals(
    again(FAILED, { strict: true, timeout: 500, jobs: 1, noAccommodate: true, shuffle: true, embedded: false }, {
      seed: 7,
    }),
    `chat conform ${where} --strict --no-accommodate --no-embedded --timeout 500ms --jobs 1 --shuffle --filter relay/send-gone --seed 7`,
  );
});

Deno.test("what many clients did is done again with the faults that fit the dialect", () => {
  const stress = { duration: 5_000, users: 16, faults: FAULT_KINDS };
  const many = someResult({ name: "relay/concurrent-whole", verdict: "fail" });
  const faultsOf = (dialect: string) =>
    again(many, { stress }, { target: { dialect, hostname: "127.0.0.1", port: 4321 } }).match(/--faults (\S+)/)?.[1];
  assertEquals(faultsOf("relay"), "reset,half-close,cut,stall,slow-read,byte-wise,freeze");
  assertEquals(faultsOf("group"), "loss,duplication,delay,reordering,freeze");
});

Deno.test("a server that is started is started by the same command, on any port unless one was said", () => {
  const target = { dialect: "relay", hostname: "127.0.0.1", port: 4321 };
  const serverCommand = "python3 'my server.py' {port}";
  const command = again(FAILED, { serverCommand, targets: [{ hostname: "127.0.0.1" }] }, { target });
  assertEquals([...readCommand(command)], [
    "chat",
    "conform",
    "--server-cmd",
    serverCommand,
    "--dialect",
    "relay",
    "--filter",
    "relay/send-gone",
  ]);
  const fixed = again(FAILED, { serverCommand: "s", targets: [{ hostname: "127.0.0.1", port: 4321 }] }, { target });
  assertEquals(
    fixed,
    "chat conform --server-cmd s --target 127.0.0.1:4321 --dialect relay --filter relay/send-gone",
  );
});

Deno.test("a variant is made again of its fixture, and what fails only after another one has that before it", () => {
  const cut = { ...someResult({ name: "relay/send-gone", variation: "cut-3", verdict: "fail" }), deviations: [] };
  assertEquals(
    again(cut, {}, { seed: 5 }).split("--dialect relay ")[1],
    "--segmentation --filter relay/send-gone --seed 5",
  );
  const recurrence = { when: "after", played: 3, failed: 2, isFresh: true, culprit: "relay/body-exact" } as const;
  const after = { ...someResult({ name: "relay/send-gone", variation: "after", verdict: "fail" }), recurrence };
  assertEquals(again(after).split("--dialect relay ")[1], "--filter relay/body-exact --filter relay/send-gone");
});

Deno.test("of a server and a client that were tested together, each is played again alone, and a pair with both", () => {
  const given = {
    serverCommand: "s",
    client: { command: "c", hasTerminal: true },
    fresh: true,
    targets: [{ hostname: "127.0.0.1" }],
  };
  const place = { dialect: "relay", hostname: "127.0.0.1", port: 0 };
  const of = (role?: "client" | "pair") =>
    again(FAILED, given, { target: role === undefined ? place : { role, ...place } });
  assertEquals(of(), "chat conform --server-cmd s --dialect relay --fresh --filter relay/send-gone");
  assertEquals(of("client"), "chat conform --client-cmd c --pty --dialect relay --filter relay/send-gone");
  assertEquals(
    of("pair"),
    "chat conform --server-cmd s --client-cmd c --pty --dialect relay --fresh --filter relay/send-gone",
  );
});
