// The "binary data bytes" of the WHATWG MIME Sniffing Standard: no text holds them, and a text may hold all others.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is looked for
const binaryCharacter = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/** So many first bytes rule out almost every binary file before a decoder has to be created and has to throw. */
const prefixLength = 64;

/** Judges bytes as they come. Only a byte order mark makes a text UTF-16; everything else has to be UTF-8. */
export interface TextJudge {
  /** False once the bytes seen can't be the beginning of a text. */
  push(chunk: Uint8Array): boolean;
  /** Whether all pushed bytes together are a whole text. */
  end(): boolean;
}

export function judgeText(first: Uint8Array): TextJudge {
  const encoding = encodingOf(first);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk: Uint8Array | undefined): boolean => {
    try {
      return !binaryCharacter.test(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      return false;
    }
  };
  return { push: (chunk) => decode(chunk), end: () => decode(undefined) };
}

/** Whether bytes can be the beginning of a text. A character may be cut off at their end. */
export function beginsLikeText(head: Uint8Array): boolean {
  if (encodingOf(head) === "utf-8" && binaryCharacter.test(latin1(head.subarray(0, prefixLength)))) {
    return false;
  }
  return judgeText(head).push(head);
}

/** Decodes bytes that are the beginning of a text; undefined when they aren't. The byte order mark is dropped. */
export function decodeText(head: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(head), { fatal: true }).decode(head, { stream: true });
  } catch {
    return undefined;
  }
}

/** Decodes the text of a whole file like `decodeText`, except that the last character must be complete. */
export function decodeWholeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf(first: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first[0] === 0xff && first[1] === 0xfe) {
    return "utf-16le";
  }
  return first[0] === 0xfe && first[1] === 0xff ? "utf-16be" : "utf-8";
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
