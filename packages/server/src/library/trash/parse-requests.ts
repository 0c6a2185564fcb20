import { maxTrashSearchLength, previewSides, previewSidesText, SluiceError } from "@sluice/protocol";
import type { TrashPosition } from "../../database/repositories/trash.ts";
import { isId } from "../../text/id.ts";
import { assertKnownMembers, invalidParameter, parseLimit, unknownParameter } from "../../text/parameter.ts";
import { parseFileIds } from "../files/parse-bulk.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Parses the query of an operation that deletes files.
 * @returns whether the files are deleted past the trash; undefined where the request doesn't say so
 * @throws SluiceError PARAMETER_INVALID
 */
export function parsePermanent(query: Members): boolean | undefined {
  refuseUnknown(query, ["permanent"]);
  const { permanent } = query;
  if (permanent === undefined) return undefined;
  if (permanent === "true" || permanent === "false") return permanent === "true";
  throw invalidParameter("permanent", "It must be true or false.");
}

const limits = { standard: 100, max: 1000 } as const;

export interface TrashListing {
  readonly limit: number;
  readonly after: TrashPosition | undefined;
  /** The text that names contain; undefined for all files. */
  readonly nameContains?: string | undefined;
}

/** Parses the query of `GET /_sluice/trash`. @throws SluiceError PARAMETER_INVALID */
export function parseTrashListing(query: Members): TrashListing {
  refuseUnknown(query, ["limit", "cursor", "nameContains"]);
  return {
    limit: parseLimit(query.limit, limits),
    after: parseCursor(query.cursor),
    nameContains: parseNamePart(query.nameContains),
  };
}

function parseNamePart(text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === "string" && text !== "" && text.length <= maxTrashSearchLength) return text;
  throw invalidParameter("nameContains", `It must be a text of 1 to ${maxTrashSearchLength} characters.`);
}

function parseCursor(text: unknown): TrashPosition | undefined {
  if (text === undefined) return undefined;
  const [, time = "", id = ""] = (typeof text === "string" && /^(\d{1,15})-([0-9a-f]+)$/.exec(text)) || [];
  if (!isId(id)) throw invalidParameter("cursor", "Send the nextCursor of the page before.");
  return { trashedAt: Number(time), id };
}

/** A cursor names the last file of a page, so files that come and go meanwhile neither repeat nor hide others. */
export function writeTrashCursor({ trashedAt, id }: TrashPosition): string {
  return `${trashedAt}-${id}`;
}

const standardSide = "320";

/**
 * Parses the query of `GET /_sluice/trash/:fileId/thumbnail`.
 * @returns the side in pixels within which the thumbnail fits @throws SluiceError PARAMETER_INVALID
 */
export function parseThumbnailSide(query: Members): string {
  refuseUnknown(query, ["side"]);
  const side = query.side ?? standardSide;
  const known = previewSides.map(String);
  if (typeof side === "string" && known.includes(side)) return side;
  throw invalidParameter("side", `It must be ${previewSidesText}.`);
}

/** Parses the body of `POST /_sluice/trash/restore`. @throws SluiceError for the first thing that is wrong */
export function parseRestoration(body: Members): readonly string[] {
  assertKnownMembers(body, ["fileIds"]);
  return fileIdsOf(body.fileIds);
}

/**
 * Parses the body of `POST /_sluice/trash/empty`. All is only what says so, since nothing brings the files back.
 * @throws SluiceError for the first thing that is wrong
 */
export function parseEmptying(body: Members): readonly string[] | "all" {
  assertKnownMembers(body, ["fileIds", "all"]);
  if (body.all !== undefined && typeof body.all !== "boolean") {
    throw invalidParameter("all", "It must be true or false.");
  }
  if ((body.all === true) === (body.fileIds !== undefined)) throw new SluiceError("TRASH_SELECTION_INVALID");
  return body.all === true ? "all" : fileIdsOf(body.fileIds);
}

function fileIdsOf(value: unknown): readonly string[] {
  return parseFileIds(value, 100, "TOO_MANY_FILES_TO_DELETE");
}

function refuseUnknown(query: Members, known: readonly string[]): void {
  for (const name of Object.keys(query)) if (!known.includes(name)) throw unknownParameter(name, known);
}
