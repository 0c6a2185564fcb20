// These patterns allow only the spaces that a browser removes. Any other space that JavaScript knows would be a part
// of a URL on this server.
const withinDocument = /^[ \t\n\r\f]*#([^\s"'()\\<>]*)[ \t\n\r\f]*$/;
const rasterPicture = /^[ \t\n\r\f]*data:image\/(?:avif|bmp|gif|jpe?g|png|webp)(?:;[\w=.-]+)*,/i;
const embeddedFont =
  /^[ \t\n\r\f]*data:(?:font\/[\w.+-]+|application\/(?:x-)?font-[\w.+-]+|application\/vnd\.ms-fontobject|application\/octet-stream)(?:;[\w=.-]+)*,/i;

/** The id of an element of the same document; undefined for a reference that leads anywhere else. */
export function localTarget(reference: string): string | undefined {
  return withinDocument.exec(reference)?.[1];
}

/** Whether a reference is an embedded picture, of a kind that can't refer to anything itself. */
export function isEmbeddedPicture(reference: string): boolean {
  return rasterPicture.test(reference);
}

export function isEmbeddedFont(reference: string): boolean {
  return embeddedFont.test(reference);
}
