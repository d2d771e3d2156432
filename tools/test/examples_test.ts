import { assertEquals, assertStringIncludes } from "@std/assert";
import { testsOfExamples } from "./examples.ts";

const SOURCE = `
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * import { assertEquals, type Any, equal as same } from "@std/assert";
 * import type { Other } from "./other.ts";
 * import { one } from "./other.ts";
 *
 * assertEquals(add(one, 1), 2);
 * \`\`\`
 */
export function add(a: number, b: number): number {
  return a + b;
}

/**
 * \`\`\`ts ignore
 * never();
 * \`\`\`
 */
export const OTHER = 1;
`;

Deno.test("an example is a test that sees what its file exports, and what it imports itself", () => {
  const text = testsOfExamples([{ path: "lib/add.ts", url: new URL("file:///p/lib/add.ts"), source: SOURCE }]);
  assertEquals(text.match(/Deno\.test\(/g)?.length, 1);
  assertStringIncludes(text, `Deno.test("lib/add.ts:6, the example", async () => {`);
  assertStringIncludes(text, `import * as module0 from "file:///p/lib/add.ts";`);
  assertStringIncludes(text, `const { add } = module0;`);
  assertStringIncludes(text, `const { assertEquals, equal: same } = module1;`);
  assertStringIncludes(text, `import * as module2 from "file:///p/lib/other.ts";`);
  assertStringIncludes(text, `const { one } = module2;`);
  assertStringIncludes(text, `assertEquals(add(one, 1), 2);`);
});
