import { previewSidesText } from "@sluice/protocol";
import type { Access, Operation } from "@sluice/protocol/schemas";
import { type TSchema, Type } from "typebox";
import { refusals } from "../../delivery/refusals/refusal-table.ts";
import { contentPath } from "../../extensions/http/content-link.ts";

/** A URL needs its signature where the file or the account's settings ask for one. */
const delivering = { credentials: ["urlSignature"], keys: ["full"] } as const satisfies Access;

/** The refusals of delivery by status: plain text for people, with the reason in the header `ik-error`. */
function refusalTexts(): Readonly<Record<number, TSchema>> {
  const byStatus = new Map<number, string[]>();
  for (const { status, code, message, body } of Object.values(refusals)) {
    if (typeof body === "string") byStatus.set(status, [...(byStatus.get(status) ?? []), `- \`${code} - ${message}\``]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => {
      const description = `Text for people. The header \`ik-error\` has one of:\n${lines.join("\n")}`;
      return [status, Type.String({ contentMediaType: "text/plain", description })];
    }),
  );
}

const bytes = (description: string) => Type.Unsafe<unknown>({ contentMediaType: "*/*", description });
const text = (description: string) => Type.String({ description });

export const deliveryOperations = {
  deliver: {
    id: "deliver-file",
    method: "GET",
    path: "/:imagekitId/*",
    tag: "Delivery",
    summary: "Get a file, or an image transformed by its URL",
    description:
      "The path is `filePath` of the file, whose slashes stay as they are; `tr:` and a transformation may stand before it. " +
      "HEAD answers with the same headers. A URL that can change is revalidated; one that names a version, or the current " +
      "`updatedAt`, may be kept for a year.",
    access: delivering,
    parameters: {
      imagekitId: text("The account's id in URLs."),
      path: text("The file's path, after an optional `tr:` with a transformation."),
    },
    query: Type.Object({
      tr: Type.Optional(text("A transformation, in place of the one in the path.")),
      "ik-s": Type.Optional(text("The URL's signature.")),
      "ik-t": Type.Optional(text("The end of the signature's time, in Unix seconds.")),
      "ik-attachment": Type.Optional(text("`true` has browsers save the file rather than show it.")),
      "ik-attachment-filename": Type.Optional(text("The name under which browsers save it.")),
      "ik-sanitizeSvg": Type.Optional(text("`false` sends an SVG as it was uploaded.")),
      "ik-obj-version": Type.Optional(text("The id of a version.")),
      updatedAt: Type.Optional(
        text("The file's `updatedAt` in Unix milliseconds, so that caches may keep the answer."),
      ),
    }),
    headers: {
      range: text("One range of bytes. It is answered where the file is sent as it is stored."),
      "if-none-match": text("The `etag` of what the client has."),
      "if-modified-since": text("The `last-modified` of what the client has."),
      accept: text("With `f-auto`, the image's format follows from it."),
    },
    answers: {
      200: bytes("The file's bytes, or the image."),
      206: bytes("The range of the file's bytes."),
      302: null,
      304: null,
      ...refusalTexts(),
    },
    answerHeaders: {
      etag: text("Names the bytes."),
      "cache-control": text("How long browsers and shared caches may keep the answer."),
    },
    errors: ["ROUTE_NOT_FOUND"],
  },
  openPreview: {
    id: "open-preview",
    method: "GET",
    path: "/_sluice/previews/:imagekitId/:versionId",
    tag: "Delivery",
    summary: "Open a preview's link",
    description:
      "Delivers one version of a file, even where it is a draft or private, until the link's time is over or the key pair " +
      "has ended that asked for it.",
    access: delivering,
    parameters: { imagekitId: text("The account's id in URLs."), versionId: text("The version's id.") },
    query: Type.Object({
      expires: text("The end of the link's time, in Unix seconds."),
      signature: text("The link's signature."),
      side: Type.Optional(text(`The side in pixels within which the picture is scaled down: ${previewSidesText}.`)),
      page: Type.Optional(text("The page or frame of which the picture is made, counted from 1. It needs side.")),
    }),
    headers: { range: text("One range of bytes. It is answered where the file is sent as it is stored.") },
    answers: {
      200: bytes("The file's bytes, or the image."),
      206: bytes("The range of the file's bytes."),
      302: null,
      304: null,
      ...refusalTexts(),
    },
    errors: ["ROUTE_NOT_FOUND"],
  },
  getExtensionContent: {
    id: "get-extension-content",
    method: "GET",
    path: contentPath,
    tag: "Extensions",
    summary: "Get the bytes that an extension works on",
    description: "For an extension's endpoint alone, by the signed link of its request, until the extension ends.",
    access: { credentials: ["urlSignature"], keys: [] },
    parameters: { runId: text("The run of the extension.") },
    query: Type.Object({ expires: text("In Unix seconds."), signature: text("The link's signature.") }),
    answers: { 200: Type.Unsafe<unknown>({ contentMediaType: "application/octet-stream", description: "The bytes." }) },
    errors: ["ROUTE_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
