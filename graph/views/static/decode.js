// The page's data: base64 in a script element that is never run, inflated by the browser.

/**
 * Decode base64 text to bytes.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesOf(text) {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Read the payload that the page carries.
 * @param {string} id of the element that holds it
 * @returns {Promise<import("./types").Payload>}
 */
export async function readPayload(id) {
  const element = document.getElementById(id);
  const packed = bytesOf(element?.textContent ?? "");
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(inflated).text());
}
