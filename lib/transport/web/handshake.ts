/**
 * The handshake of WebSocket (RFC 6455, 4), both sides of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { hasWord, type HttpHead, type HttpRequest, type HttpResponse, textResponse } from "./http_head.ts";

/** What is spoken, and where. */
export interface WebSocketProtocol {
  /** The path: `/chat`. */
  readonly path: string;
  /** The sub-protocol. */
  readonly name: string;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const encoder = new TextEncoder();

/** What a server says to show that it has understood a client's key. */
function acceptanceOf(key: string): string {
  return createHash("sha1").update(key + GUID).digest("base64");
}

/** What a server answers to a request for the path of a WebSocket: a switch (101), or why not. */
export function upgradeResponse(request: HttpRequest, protocol: WebSocketProtocol): HttpResponse {
  const { headers } = request;
  const key = headers.get("sec-websocket-key") ?? "";
  const isAsked = hasWord(request, "connection", "upgrade") && hasWord(request, "upgrade", "websocket");
  if (request.method !== "GET" || !isAsked) {
    return textResponse(426, "Here is a WebSocket.", { "Connection": "Upgrade, close", "Upgrade": "websocket" });
  }
  if (headers.get("sec-websocket-version") !== "13") {
    return textResponse(426, "Version 13 is spoken.", {
      "Connection": "Upgrade, close",
      "Upgrade": "websocket",
      "Sec-WebSocket-Version": "13",
    });
  }
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) return textResponse(400, "Sec-WebSocket-Key is 16 bytes in base64.");
  const asked = headers.get("sec-websocket-protocol");
  if (asked !== undefined && !asked.split(",").some((each) => each.trim() === protocol.name)) {
    return textResponse(400, `The sub-protocol is ${protocol.name}.`);
  }
  return {
    status: 101,
    headers: {
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Accept": acceptanceOf(key),
      ...asked !== undefined && { "Sec-WebSocket-Protocol": protocol.name },
    },
  };
}

/** What a client asks for. `host` is the server as it is addressed, with its port; `key` is 16 bytes in base64. */
export function upgradeRequest(host: string, key: string, { path, name }: WebSocketProtocol): Uint8Array {
  return encoder.encode(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${name}\r\n\r\n`,
  );
}

/** What is wrong with a server's answer to that; nothing if it has switched. */
export function upgradeFault(
  { line, headers }: HttpHead,
  key: string,
  { name }: WebSocketProtocol,
): string | undefined {
  if (!/^HTTP\/1\.[01] \d{3}(?: |$)/.test(line)) return "it does not speak HTTP";
  if (!line.startsWith("HTTP/1.1 101")) return `it answers ${line.slice(0, 80)}`;
  const switched = hasWord({ headers }, "connection", "upgrade") && hasWord({ headers }, "upgrade", "websocket");
  if (!switched) return "it switches to something else than a WebSocket";
  if (headers.get("sec-websocket-accept") !== acceptanceOf(key)) return "its Sec-WebSocket-Accept is wrong";
  const chosen = headers.get("sec-websocket-protocol");
  if (chosen !== undefined && chosen !== name) return `it has chosen a sub-protocol that nobody asked for`;
  if (headers.has("sec-websocket-extensions")) return "it has chosen an extension that nobody asked for";
  return undefined;
}
