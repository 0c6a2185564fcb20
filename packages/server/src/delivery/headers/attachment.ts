import { extname } from "node:path";
import { create } from "content-disposition";
import type { Attachment } from "../url/delivery-url.ts";

const maxNameLength = 200;

/**
 * The value of `Content-Disposition` (docs/protocol/delivery.md §1.1, §9.1). The wanted name comes from the URL, and so
 * from anybody. So does the name of a file at an origin, which is the last segment of the URL's path.
 * @param extension of the file that is sent, with its dot, or empty
 */
export function contentDisposition({ name }: Attachment, fileName: string, extension: string): string {
  const wanted = safeName(name ?? "");
  return create(withExtension(wanted === "" ? safeName(withoutExtension(fileName)) : wanted, harmless(extension)));
}

/** Makes a file name safe. It removes leading dots, which would hide the file, and cuts a name without end. */
function safeName(name: string): string {
  return [...harmless(name).replace(/^[. ]+/, "")].slice(0, maxNameLength).join("");
}

/**
 * Replaces control characters, which could end the header; separators, which could leave the download folder; and marks
 * that reverse the text direction, which could make `exe` look like `jpg`.
 */
function harmless(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, "_");
}

function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(extension.toLowerCase()) ? name : name + extension;
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}
