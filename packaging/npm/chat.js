#!/usr/bin/env node
/**
 * Runs the program with the Deno that its package is pinned to, and with the permissions that deno.json gives it: what npm installs
 * as `chat`.
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));

// The words of `deno task chat`: `deno run --no-prompt …` and the program.
const { command } = JSON.parse(readFileSync(path("deno.json"), "utf8")).tasks.chat;
const [, , ...permissions] = command.replaceAll("'", "").split(" ").slice(0, -1);
// The program itself and not the script that starts it, which would not pass signals on.
const deno = createRequire(import.meta.url)("deno/install_api.cjs").runInstall();
// Said, since Deno does not look for it below a node_modules.
const config = ["--config", path("deno.json"), "--frozen"];
const args = ["run", "--quiet", "--no-check", ...config, ...permissions, path("main.ts"), ...process.argv.slice(2)];

const child = spawn(deno, args, {
  stdio: "inherit",
  env: { DENO_NO_UPDATE_CHECK: "1", DENO_TLS_CA_STORE: "system,mozilla", ...process.env },
});
// The program decides when it ends. A terminal sends Ctrl-C to both, and twice is another thing than once.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR1"]) {
  if (signal in constants.signals) process.on(signal, () => child.kill(signal));
}
child.on("exit", (status, signal) => process.exit(status ?? 128 + constants.signals[signal]));
