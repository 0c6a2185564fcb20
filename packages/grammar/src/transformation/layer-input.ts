import { decodeBase64, encodeBase64 } from "../text/base64.ts";
import { percentEncode } from "../text/percent.ts";
import type { Layer } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";
import { parsePath, printPath } from "./values/path.ts";

const layerTypes = {
  "l-image": "image",
  "l-text": "text",
  "l-video": "video",
  "l-subtitles": "subtitles",
  "l-subtitle": "subtitles",
} as const;

/** As the input of an image layer, this name stands for a block of colour. */
const canvas = "ik_canvas";

/** Maximum lengths of texts. The rest is cut off (docs/protocol/delivery.md §13). */
const maxPlainTextLength = 2000;
const maxEncodedTextLength = 2500;

/** The content that a layer shows. */
export type LayerContent = DistributiveOmit<Layer, "placement" | "steps">;

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/**
 * @param type as written: `l-image`
 * @param plain the value of `i`, if there is one
 * @param encoded the value of `ie`, which takes precedence over `plain`
 * @throws TransformationError
 */
export function readContent(type: string, plain: string | undefined, encoded: string | undefined): LayerContent {
  if (!Object.hasOwn(layerTypes, type)) throw new TransformationError("UNKNOWN_LAYER", type);
  const kind = layerTypes[type as keyof typeof layerTypes];
  const decoded = encoded === undefined ? undefined : decodeBase64(encoded);
  if (encoded !== undefined && decoded === undefined) throw new TransformationError("INVALID_VALUE", `ie-${encoded}`);
  if (kind === "text") {
    const text = decoded === undefined ? cut(plain ?? "", maxPlainTextLength) : cut(decoded, maxEncodedTextLength);
    if (text === "") throw new TransformationError("LAYER_WITHOUT_INPUT", type);
    return { kind, text };
  }
  const path = parsePath(decoded ?? plain?.replaceAll("@@", "/") ?? "");
  if (path === undefined) throw new TransformationError("LAYER_WITHOUT_INPUT", type);
  return kind === "image" && path === canvas ? { kind: "canvas" } : { kind, path };
}

/** Returns type and input, encoded as the official SDKs do (docs/protocol/transformations.md §1.1). */
export function printContent(content: LayerContent): readonly [string, string] {
  switch (content.kind) {
    case "canvas":
      return ["l-image", `i-${canvas}`];
    case "text": {
      const { text } = content;
      const simple = /^[\w.\- ]*$/.test(text) && text.length <= maxPlainTextLength;
      return ["l-text", simple ? `i-${percentEncode(text)}` : encode(text)];
    }
    default: {
      const { path } = content;
      return [`l-${content.kind}`, /^[\w.\-/ ]*$/.test(path) ? `i-${percentEncode(printPath(path))}` : encode(path)];
    }
  }
}

function encode(text: string): string {
  return `ie-${percentEncode(encodeBase64(text))}`;
}

function cut(text: string, length: number): string {
  // Removes half a surrogate pair at the end, because it is not a character.
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}
