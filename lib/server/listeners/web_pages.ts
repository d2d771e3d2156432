/**
 * What a server answers over HTTP, where a dialect is carried by a WebSocket: the page, and nothing else.
 *
 * @module
 */

import { type HttpRequest, type HttpResponse, SAFE_HEADERS, textResponse } from "../../transport/web/http_head.ts";
import { misdirected, type OwnAddress } from "../../transport/web/origins.ts";

/** The files of the page, by their paths; the page itself is `/`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** A file of the page. */
export interface PageFile {
  /** What it is, as `Content-Type` says it. */
  readonly type: string;
  /** What is in it. */
  readonly bytes: Uint8Array;
}

/** What files of a page are, by what their names end in. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
};

/** What a page may do in a browser: load its own files, and talk to its own server. */
function policyOf(host: string): string {
  const own = ["script-src", "style-src", "img-src", "manifest-src"].map((kind) => `${kind} 'self'`).join("; ");
  // Older browsers do not count a WebSocket among what is their own.
  const connecting = `connect-src 'self' ws://${host} wss://${host}`;
  // And no text, whoever's it is, can become markup.
  const others = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
  return `default-src 'none'; ${own}; ${connecting}; ${others}; trusted-types 'none'`;
}

/**
 * Reads the page's files, which are embedded in a compiled program.
 *
 * @throws what the system says if they are not there.
 */
export function readPage(folder: URL = new URL("../page/", import.meta.url)): PageFiles {
  const files = new Map<string, PageFile>();
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (!isFile || type === undefined) continue;
    files.set(name === "index.html" ? "/" : `/${name}`, { type, bytes: Deno.readFileSync(new URL(name, folder)) });
  }
  return files;
}

/** Answers requests for the page; says nothing to one for the path of the WebSocket, if that may be asked for. */
export function pages(
  path: string,
  page: PageFiles,
  own: OwnAddress,
): (request: HttpRequest) => HttpResponse | undefined {
  return (request) => {
    const refusal = misdirected(request, own);
    if (refusal !== undefined) return refusal;
    if (request.path === path) return undefined;
    if (request.method !== "GET" && request.method !== "HEAD") {
      return textResponse(405, "Here is a page to read: GET or HEAD.", { "Allow": "GET, HEAD" });
    }
    const file = page.get(request.path);
    if (file === undefined) return textResponse(404, "There is nothing of that name here. The page is /");
    const policy = policyOf(request.headers.get("host") ?? "");
    const headers = { "Content-Type": file.type, ...SAFE_HEADERS, "Content-Security-Policy": policy };
    return { status: 200, headers, body: file.bytes };
  };
}
