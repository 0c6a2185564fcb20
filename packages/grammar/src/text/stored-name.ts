import { toNfc } from "./nfc.ts";

/**
 * Returns the spelling of a file's name that the library keeps: in NFC, with `_` for every character but letters, marks,
 * numbers, `.`, `_` and `-` (docs/protocol/upload.md §7, §15.16).
 */
export function storedFileName(text: string): string {
  return toNfc(text).replaceAll(/[^\p{L}\p{M}\p{N}._-]/gu, "_");
}

/**
 * Returns the spelling of a folder's name that the library keeps: in NFC, with `_` for every character but letters,
 * marks, numbers, `_` and `-` (docs/protocol/upload.md §7).
 */
export function storedFolderName(text: string): string {
  return toNfc(text).replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, "_");
}
