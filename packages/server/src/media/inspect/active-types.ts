/**
 * Types that a browser may run, or hand to something that runs it, when it opens one as a document. Users' files share
 * the server's origin, so delivery sends these with `Content-Security-Policy: sandbox`
 * (docs/architecture.md decision 9).
 */
const activeTypes: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/mathml+xml",
  "application/pdf",
  "application/vnd.ms-htmlhelp",
  "application/wasm",
  "application/x-javascript",
  "application/x-shockwave-flash",
  "application/xhtml+xml",
  "application/xml",
  "application/xslt+xml",
  "image/svg+xml",
  "message/rfc822",
  "multipart/related",
  "multipart/x-mixed-replace",
  "text/ecmascript",
  "text/html",
  "text/javascript",
  "text/xml",
  "text/xsl",
]);

/**
 * Whether a type, with or without parameters, needs the sandbox policy. Every XML dialect needs it, because its root
 * element decides what the document is.
 */
export function isActiveType(mime: string): boolean {
  const essence = essenceOf(mime);
  return activeTypes.has(essence) || essence.endsWith("+xml");
}

/**
 * Whether a browser only ever shows or plays a type, whatever origin it comes from and even without a policy. This
 * holds for media alone: too many of the other types are somebody's code.
 */
export function isPassiveType(mime: string): boolean {
  return /^(image|video|audio|font)\//.test(essenceOf(mime)) && !isActiveType(mime);
}

function essenceOf(mime: string): string {
  return mime.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
