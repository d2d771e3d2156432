/**
 * The page for operators: files that are the same for everybody, and tell nothing of the server. What it shows it asks for as a
 * script does, with the token.
 *
 * @module
 */

import type { Route } from "./routes.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/** What the page may do in a browser: load its own files, and ask its own server. No text becomes markup or a script. */
const FIELDS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

/**
 * A route to each file of the page, which is at `/`. They are read here, once.
 *
 * @throws what the system says if they are not there.
 */
export function pageRoutes(folder: URL = new URL("page/", import.meta.url)): Route[] {
  const names = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name);
  return names.map((name) => {
    const body = lean(Deno.readTextFileSync(new URL(name, folder)));
    const contentType = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const path = name === "index.html" ? "/" : `/${name}`;
    return { method: "GET", path, isOpen: true, reply: () => ({ status: 200, contentType, body, fields: FIELDS }) };
  });
}

/** A file without its comments and indentation, which are for those who write it. */
function lean(text: string): string {
  return text.replace(/^ *\/\*[^]*?\*\/\n/gm, "").replace(/^\s+/gm, "");
}
