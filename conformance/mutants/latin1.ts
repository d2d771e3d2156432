/**
 * Bytes as text, a character a byte: so that servers can be written with regular expressions.
 *
 * @module
 */

/** The bytes that characters up to U+00FF stand for. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** What `TextDecoder` calls Latin-1 is another encoding. */
export function latin1Text(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a text in UTF-8, a character a byte. */
export function utf8(text: string): string {
  return latin1Text(encoder.encode(text));
}

/** The text that bytes, a character each, are in UTF-8, with U+FFFD for what is none. */
export function fromUtf8(bytes: string): string {
  return decoder.decode(latin1Bytes(bytes));
}
