import { assertEquals } from "@std/assert";
import { exportedNames, wrongNames } from "./check_names.ts";

Deno.test("all that a file declares and exports is found, an overloaded function once", () => {
  const source = [
    "export const A = 1;",
    "export async function b(x: string): void;",
    "export async function b(x: number): void {}",
    "export function* c() {}",
    "export abstract class D {}",
    "export interface E {}",
    "export type F<T> = T;",
    "export type { G } from './g.ts';",
    "const H = 1;",
    "  export const I = 1;",
  ].join("\n");
  assertEquals(exportedNames(source), ["A", "b", "c", "D", "E", "F"]);
});

Deno.test("a name that two files export is wrong, unless it is allowed", () => {
  const files = new Map([["a.ts", ["Wire", "USAGE"]], ["b.ts", ["Other"]], ["c.ts", ["USAGE", "Wire"]]]);
  assertEquals(wrongNames(files, { USAGE: "why" }), ["Wire is exported by a.ts and c.ts: one name, one meaning"]);
  assertEquals(wrongNames(files, { USAGE: "why", Wire: "why" }), []);
});

Deno.test("what is allowed and not needed is wrong, too", () => {
  assertEquals(wrongNames(new Map([["a.ts", ["Wire"]]]), { Wire: "why" }), [
    "Wire is allowed in tools/check_names.ts, and not exported by more than one file",
  ]);
});
