import { assertEquals, assertRejects } from "@std/assert";
import { broughtBy } from "./brought.ts";
import { DIALECTS } from "./registry.ts";

const names = DIALECTS.map(({ name }) => name);

Deno.test("what each dialect brings comes in the order of the registry, whichever is loaded first", async () => {
  const load = async (dialect: string) => {
    for (let turns = names.length - names.indexOf(dialect); turns > 0; turns--) await Promise.resolve();
    return dialect.length;
  };
  const brought = await broughtBy(".ts", load);
  assertEquals(brought, names.map((dialect) => ({ dialect, brings: dialect.length })));
});

Deno.test("a dialect that has no such file is left out, as Deno says it and as a binary does", async () => {
  assertEquals(await broughtBy("/nothing.ts", (dialect) => import(`./${dialect}/nothing.ts`)), []);
  const inBinary = await broughtBy("/x.ts", (dialect) => {
    const error = new TypeError(`Module not found: file:///tmp/chat/${dialect}/x.ts`);
    return dialect === names[0]
      ? Promise.reject(Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" }))
      : Promise.resolve(1);
  });
  assertEquals(inBinary.map(({ dialect }) => dialect), names.slice(1));
});

Deno.test("a file that is there and is broken is told, also if it imports one that is not there", async () => {
  const broken = (error: Error) => broughtBy("/x.ts", () => Promise.reject(error));
  await assertRejects(() => broken(new TypeError("x is undefined")), TypeError, "x is undefined");
  const other = new TypeError(
    `Module not found "file:///chat/${names[0]}/y.ts".\n    at file:///chat/${names[0]}/x.ts`,
  );
  await assertRejects(() => broken(Object.assign(other, { code: "ERR_MODULE_NOT_FOUND" })), TypeError, "y.ts");
});
