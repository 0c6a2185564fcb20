import { decodeBase64, encodeBase64 } from "../../text/base64.ts";
import { type Shape, textShape } from "../shape.ts";

/** A text for a model. */
export interface Prompt {
  readonly text: string;
}

/** Reads `prompt-<text>` or `prompte-<base64>`. */
export function decodePrompt(text: string): Prompt | undefined {
  const [, encoding, written = ""] = /^(prompte?)-(.+)$/s.exec(text) ?? [];
  const words = encoding === "prompte" ? decodeBase64(written) : encoding === "prompt" ? written : undefined;
  return words === undefined || words === "" ? undefined : { text: words };
}

export function encodePrompt({ text }: Prompt): string {
  return `prompte-${encodeBase64(text)}`;
}

export const promptShape: Shape<Prompt> = textShape(
  "`prompt-<text>` or `prompte-<base64>`",
  decodePrompt,
  encodePrompt,
);
