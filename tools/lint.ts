/**
 * A plugin for `deno lint` that keeps the world out of the layers that may not touch it: no socket, timer, clock or
 * `Deno.*` in a dialect, sockets only in `lib/transport`. The table is in `layers.ts`.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { isForTests, layerOf, LAYERS, readsClocks, type World, WORLD_GLOBALS } from "./layers.ts";

const ROOT = new URL("../", import.meta.url).href;

const HINTS: Readonly<Record<World, string>> = {
  runtime: "Have the caller pass in what it needs.",
  clocks: "Take the Runtime of lib/core/runtime.ts; READS_CLOCKS in tools/layers.ts has the exceptions.",
  sockets: "Only lib/transport has sockets.",
};

/** The plugin, named `layers`, with one rule, `layers/world`. */
const plugin: Deno.lint.Plugin = {
  name: "layers",
  rules: {
    world: {
      create(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
        const href = pathToFileURL(context.filename).href;
        const path = href.startsWith(ROOT) ? decodeURIComponent(href.slice(ROOT.length)) : context.filename;
        const layer = layerOf(path, LAYERS);
        // Files of no layer are reported by check_layers.ts.
        if (layer === undefined || isForTests(path)) return {};

        const check = (node: Deno.lint.Node, name: string) => {
          const piece = pieceOfWorld(name);
          const isAllowed = piece === "clocks" ? readsClocks(path) : piece && layer.touches?.includes(piece);
          if (piece === undefined || isAllowed) return;
          context.report({ node, message: `${name}: ${layer.name} may not touch ${piece}`, hint: HINTS[piece] });
        };

        return {
          Identifier(node: Deno.lint.Identifier): void {
            if (isReference(node)) check(node, node.name);
          },
          MemberExpression(node: Deno.lint.MemberExpression): void {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier" || node.computed) return;
            check(node, `${node.object.name}.${node.property.name}`);
          },
        };
      },
    },
  },
};

export default plugin;

function pieceOfWorld(name: string): World | undefined {
  return Object.hasOwn(WORLD_GLOBALS, name) ? WORLD_GLOBALS[name] : undefined;
}

/** Whether an identifier stands for a variable, and is not merely what a property or a member is called. */
function isReference(node: Deno.lint.Identifier): boolean {
  const parent = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.computed || parent.object === node;
    case "TSTypeReference":
      return false; // a type is not there when the program runs
    case "TSQualifiedName":
      return parent.left === node;
    case "Property":
      return parent.computed || parent.value === node;
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.computed || parent.key !== node;
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.computed || parent.key !== node;
    default:
      return true;
  }
}
