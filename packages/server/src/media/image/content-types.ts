import type { OutputFormat } from "./plan/choose-output.ts";

export const contentTypes = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
} as const satisfies Record<OutputFormat, string>;
