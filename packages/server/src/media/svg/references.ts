// The spaces that a browser takes off. What JavaScript calls space besides would be a part of a URL of the server's own.
const withinDocument = /^[ \t\n\r\f]*#([^\s"'()\\<>]*)[ \t\n\r\f]*$/;
const rasterPicture = /^[ \t\n\r\f]*data:image\/(?:avif|bmp|gif|jpe?g|png|webp)(?:;[\w=.-]+)*,/i;
const embeddedFont =
  /^[ \t\n\r\f]*data:(?:font\/[\w.+-]+|application\/(?:x-)?font-[\w.+-]+|application\/vnd\.ms-fontobject|application\/octet-stream)(?:;[\w=.-]+)*,/i;

/** The id of an element of the same document; undefined for what leads anywhere else. */
export function localTarget(reference: string): string | undefined {
  return withinDocument.exec(reference)?.[1];
}

/** A picture that is written out, of a kind that can't refer to anything itself. */
export function isEmbeddedPicture(reference: string): boolean {
  return rasterPicture.test(reference);
}

export function isEmbeddedFont(reference: string): boolean {
  return embeddedFont.test(reference);
}
