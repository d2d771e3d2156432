/**
 * What the server tells of itself, once a second. EventSource cannot show a token, and so this reads server-sent events by fetch.
 *
 * @module
 */

/** How long nothing may come before the server is taken for gone, in milliseconds. */
const PATIENCE = 10_000;
/** The longest wait before another attempt, in seconds. */
const LONGEST_WAIT = 30;

/** The fields of a request with this token, or without one. */
export function authorization(token) {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/**
 * Follows the server for as long as the page is open. Resolves when the server wants another token, with what it said of that.
 *
 * @param {string | null} token
 * @param {{ told(report: object): void, lost(seconds: number): void }} listener
 * @returns {Promise<{ status: number, message: string }>}
 */
export async function follow(token, listener) {
  for (let wait = 1;; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const giveUp = new AbortController();
    let timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const response = await fetch("events", {
        headers: authorization(token),
        signal: giveUp.signal,
        cache: "no-store",
      });
      if (response.status === 401 || response.status === 403 || response.status === 421) {
        return { status: response.status, message: (await response.json()).error.message };
      }
      if (response.ok) {
        for await (const data of events(response.body)) {
          clearTimeout(timer);
          timer = setTimeout(() => giveUp.abort(), PATIENCE);
          wait = 1;
          listener.told(JSON.parse(data));
        }
      }
    } catch {
      // The network's words say less than that it is lost.
    } finally {
      clearTimeout(timer);
    }
    for (let left = wait; left > 0; left--) {
      listener.lost(left);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** The data of each event that is in a stream, or has begun in one. */
export async function* events(stream) {
  let text = "";
  for await (const piece of pieces(stream.pipeThrough(new TextDecoderStream()))) {
    text += piece;
    for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
      const lines = text.slice(0, end).split("\n").filter((line) => line.startsWith("data: "));
      if (lines.length > 0) yield lines.map((line) => line.slice(6)).join("\n");
    }
  }
}

/** Not every browser can loop over a stream. */
async function* pieces(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
