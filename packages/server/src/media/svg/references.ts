const withinDocument = /^#[^\s"'()\\<>]*$/;
const rasterPicture = /^data:image\/(?:avif|bmp|gif|jpe?g|png|webp)(?:;[\w=.-]+)*,/i;
const embeddedFont =
  /^data:(?:font\/[\w.+-]+|application\/(?:x-)?font-[\w.+-]+|application\/vnd\.ms-fontobject|application\/octet-stream)(?:;[\w=.-]+)*,/i;

/** The id of an element of the same document; undefined for what leads anywhere else. */
export function localTarget(reference: string): string | undefined {
  const trimmed = reference.trim();
  return withinDocument.test(trimmed) ? trimmed.slice(1) : undefined;
}

/** A picture that is written out, of a kind that can't refer to anything itself. */
export function isEmbeddedPicture(reference: string): boolean {
  return rasterPicture.test(reference.trimStart());
}

export function isEmbeddedFont(reference: string): boolean {
  return embeddedFont.test(reference.trimStart());
}
