import type { UploadResponse } from "@sluice/client";
import { byId, setHidden, setText } from "./dom.ts";

/** Bytes for people, in decimal units like those of the upload element. */
export function sizeText(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return value.toLocaleString("en", { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** The transformations that the page offers as buttons, for pictures only. `text` is the value of the URL's `tr`. */
export const transformations = [
  { name: "As delivered", text: "" },
  { name: "400 pixels wide", text: "w-400" },
  { name: "Square around the subject", text: "w-300,h-300,fo-auto" },
  { name: "Circle", text: "w-300,h-300,fo-auto,r-max" },
  { name: "Black and white", text: "w-400,e-grayscale" },
  { name: "Blur", text: "w-400,bl-20" },
  { name: "Rotated", text: "w-400:rt-90" },
  { name: "Small JPEG", text: "w-400,q-30,f-jpg" },
  { name: "Stored file", text: "orig-true" },
] as const satisfies readonly { readonly name: string; readonly text: string }[];

/** The URL that delivers the file at `url` with this transformation. */
export function transformedUrl(url: string, text: string): string {
  // Commas and colons need no encoding in a query, so the URL stays as readable as the documentation's.
  const query = encodeURIComponent(text).replaceAll(/%(?:2C|3A)/g, decodeURIComponent);
  return text === "" ? url : `${url}?tr=${query}`;
}

/** The part of the page that shows a stored file as it is delivered. Clicks change the URL of a picture. */
export function createDelivery() {
  // An image without a source is no valid HTML, so it comes into the page with its first source.
  const picture = Object.assign(document.createElement("img"), { id: "picture" });
  const field = byId("transformation", HTMLInputElement);
  const buttons = transformations.map(({ name, text }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.addEventListener("click", () => transform(text));
    return { button, text };
  });
  byId("transformations", HTMLElement).append(...buttons.map(({ button }) => button));
  field.addEventListener("change", () => transform(field.value.trim()));
  picture.addEventListener("load", () => setText("facts", factsOf(picture, file?.size ?? 0)));
  picture.addEventListener("error", async () => {
    const { src } = picture;
    const why = await whyNot(src);
    // Another picture may have been asked for meanwhile.
    if (picture.src === src) setText("facts", why);
  });
  let file: UploadResponse | undefined;

  function transform(text: string): void {
    if (file === undefined) return;
    const url = transformedUrl(file.url, text);
    field.value = text;
    for (const each of buttons) each.button.ariaPressed = String(each.text === text);
    setText("facts", "Loading…");
    picture.src = pastMemory(url, file);
    if (!picture.isConnected) byId("picture-place", HTMLElement).append(picture);
    showUrl(url);
  }

  return {
    /** @param stored undefined for an upload that stored nothing */
    show(stored: UploadResponse | undefined): void {
      file = stored;
      const isPicture = stored?.fileType === "image";
      setHidden("delivery-body", stored === undefined);
      setHidden("delivery-empty", stored !== undefined);
      setHidden("delivery-picture", !isPicture);
      if (stored === undefined) return;
      picture.alt = `${stored.name}, as it is delivered`;
      if (isPicture) transform("");
      else showUrl(stored.url);
    },
  };
}

function showUrl(url: string): void {
  const link = byId("url", HTMLAnchorElement);
  link.href = url;
  link.textContent = url;
}

/**
 * Gives each new version a URL of its own. The plain URL delivers each new version, but within one page a browser shows
 * again what it has shown before.
 */
function pastMemory(url: string, { versionInfo }: UploadResponse): string {
  if (versionInfo.name === "Version 1") return url;
  return `${url}${url.includes("?") ? "&" : "?"}v=${versionInfo.id}`;
}

/** The picture's pixels, and its bytes and format as far as the browser tells them: not all browsers do. */
function factsOf({ naturalWidth, naturalHeight, src }: HTMLImageElement, uploaded: number): string {
  const entry = performance.getEntriesByName(src, "resource").at(-1);
  const { encodedBodySize = 0, contentType = "" } = (entry ?? {}) as { encodedBodySize?: number; contentType?: string };
  const saved = encodedBodySize < uploaded ? ` instead of ${sizeText(uploaded)}` : "";
  const facts = [
    `${naturalWidth} × ${naturalHeight} pixels`,
    encodedBodySize > 0 && sizeText(encodedBodySize) + saved,
    contentType.replace(/^image\//, "").toUpperCase(),
  ];
  return facts.filter(Boolean).join(" · ");
}

async function whyNot(url: string): Promise<string> {
  try {
    const response = await fetch(url);
    if (response.ok) return "This browser can't show this format. Use the link to open the file.";
    return `${response.status}: ${response.headers.get("ik-error") ?? (await response.text())}`;
  } catch {
    return "Couldn't load the file.";
  }
}
