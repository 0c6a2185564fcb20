import { extname } from "node:path";
import { create } from "content-disposition";
import type { Attachment } from "../url/delivery-url.ts";

const maxNameLength = 200;

/**
 * The value of `Content-Disposition` (docs/protocol/delivery.md §1.1, §9.1). The name may come from the URL, and so
 * from anybody.
 * @param extension of the file that is sent, with its dot, or empty
 */
export function contentDisposition({ name }: Attachment, fileName: string, extension: string): string {
  const wanted = name === undefined ? "" : safeName(name);
  return create(withExtension(wanted === "" ? withoutExtension(fileName) : wanted, extension));
}

/**
 * Makes a file name safe. It replaces control characters, which could end the header; separators, which could leave the
 * download folder; and marks that reverse the text direction, which could make `exe` look like `jpg`. It removes
 * leading dots, which would hide the file.
 */
function safeName(name: string): string {
  const safe = name.replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, "_").replace(/^[. ]+/, "");
  return [...safe].slice(0, maxNameLength).join("");
}

function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(extension.toLowerCase()) ? name : name + extension;
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}
