import { isId } from "../../text/id.ts";
import { assertKnownMembers, invalidParameter } from "../../text/parameter.ts";

type Members = Readonly<Record<string, unknown>>;

/** The largest number of versions for which one request makes links. */
const maxPreviews = 100;
const maxTransformations = 20;
const maxTransformationLength = 2000;
const yearSeconds = 31_536_000;

/** Parses the body of `POST /_sluice/previews`. @throws SluiceError PARAMETER_INVALID */
export function parsePreviews(body: Members): readonly string[] {
  assertKnownMembers(body, ["versionIds"]);
  const { versionIds } = body;
  const isRight = Array.isArray(versionIds) && versionIds.length > 0 && versionIds.every(isIdText);
  if (!isRight) throw invalidParameter("versionIds", "It must be an array of ids: those in versionInfo of files.");
  if (versionIds.length > maxPreviews) {
    throw invalidParameter("versionIds", `It must name at most ${maxPreviews} versions.`);
  }
  return [...new Set(versionIds)];
}

export interface AskedSignatures {
  readonly fileId: string;
  /** The version; undefined for the current one, whichever that is when a URL is opened. */
  readonly versionId: string | undefined;
  /** An empty text asks for the URL of the file itself. */
  readonly transformations: readonly string[];
  /** The transformations in which the file's still picture is asked for. */
  readonly thumbnails: readonly string[] | undefined;
  readonly seconds: number;
}

/** Parses the body of `POST /_sluice/signed-urls`. @throws SluiceError PARAMETER_INVALID */
export function parseSignatures(body: Members): AskedSignatures {
  assertKnownMembers(body, ["fileId", "versionId", "transformations", "thumbnails", "expireSeconds"]);
  const { fileId, versionId, transformations = [""], thumbnails, expireSeconds } = body;
  if (!isIdText(fileId)) throw invalidParameter("fileId", "It must be the id of a file.");
  if (versionId !== undefined && !isIdText(versionId)) {
    throw invalidParameter("versionId", "It must be the id of a version: the one in its versionInfo.");
  }
  const problem = `It must be an array of 1 to ${maxTransformations} texts of at most ${maxTransformationLength} characters.`;
  if (!isTexts(transformations)) throw invalidParameter("transformations", problem);
  if (thumbnails !== undefined && !isTexts(thumbnails)) throw invalidParameter("thumbnails", problem);
  const isSpan = typeof expireSeconds === "number" && Number.isInteger(expireSeconds);
  if (!isSpan || expireSeconds < 1 || expireSeconds > yearSeconds) {
    throw invalidParameter("expireSeconds", `It must be a whole number from 1 to ${yearSeconds}.`);
  }
  return { fileId, versionId, transformations, thumbnails, seconds: expireSeconds };
}

function isIdText(value: unknown): value is string {
  return typeof value === "string" && isId(value);
}

function isTexts(value: unknown): value is readonly string[] {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= maxTransformations;
  return isList && value.every((text) => typeof text === "string" && text.length <= maxTransformationLength);
}
