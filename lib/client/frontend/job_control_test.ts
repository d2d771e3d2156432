import { assertEquals } from "@std/assert";
import { isJobOfShell } from "./job_control.ts";

const table = (...rows: string[]) => rows.join("\n");

Deno.test("a program is a job of the shell's, by itself or through what the shell has started", () => {
  const shell = "10 1 10 pts/1";
  assertEquals(isJobOfShell(table(shell, "20 10 20 pts/1"), 20), true);
  assertEquals(isJobOfShell(table(shell, "20 10 20 pts/1", "21 20 20 pts/1", "22 21 20 pts/1"), 22), true);
});

Deno.test("a program that a terminal, a container or a login on another machine has started is no shell's job", () => {
  for (const parent of ["10 1 10 ?", "10 1 10 pts/2", "10 1 20 pts/1", ""]) {
    assertEquals(isJobOfShell(table("1 0 1 ?", parent, "20 10 20 pts/1"), 20), false, parent);
  }
  assertEquals(isJobOfShell("", 20), false);
});
