import { SluiceError } from "@sluice/protocol";
import type { SignedUrls } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { findAssetVersion, findCurrentAsset } from "../../database/repositories/assets.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { signPath } from "../../library/files/asset-url.ts";
import { fileObject } from "../../library/files/file-object.ts";
import { isId } from "../../text/id.ts";
import { assertKnownMembers, invalidParameter } from "../../text/parameter.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { readWritten } from "../url/requested-rendition.ts";

/**
 * The private key of the pair that has asked, so that what it signs ends with the pair.
 * @throws SluiceError PRIVATE_KEY_EXPIRED where the pair has ended meanwhile
 */
export async function signingKeyOf(
  reader: Connection,
  { accountId, key }: Pick<Principal, "accountId" | "key">,
  now: number,
): Promise<string> {
  const pairs = await listFullKeyPairs(reader, accountId, now);
  const own = pairs.find(({ id }) => id === key.id);
  if (own === undefined) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  return own.private_key;
}

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

interface AskedSignatures {
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

export interface SigningDeps {
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

/** What stands behind the path in the URLs of each list of transformations. */
const suffixes = { transformations: "", thumbnails: "/ik-thumbnail.jpg" } as const;
type Listed = keyof typeof suffixes;

/**
 * Signs delivery URLs of a file, as the official SDKs do (docs/protocol/delivery.md §3.1). Each opens one transformation
 * of what has the file's path, until its time is over or the key pair ends that has asked.
 * @throws SluiceError PARAMETER_INVALID, FILE_NOT_FOUND, FILE_VERSION_NOT_FOUND, PRIVATE_KEY_EXPIRED
 */
export async function signUrls(
  { database: { reader }, now, publicUrl }: SigningDeps,
  principal: Principal,
  { fileId, versionId, transformations, thumbnails, seconds }: AskedSignatures,
): Promise<SignedUrls> {
  const { viewer, imagekitId } = principal;
  const asset =
    versionId === undefined
      ? await findCurrentAsset(reader, viewer, fileId)
      : await findAssetVersion(reader, viewer, fileId, versionId);
  if (asset === undefined) {
    throw new SluiceError(versionId === undefined ? "FILE_NOT_FOUND" : "FILE_VERSION_NOT_FOUND");
  }
  if (asset.is_published === 0) {
    throw invalidParameter("fileId", "The file is a draft, which no URL delivers. Publish it first.");
  }
  const time = now();
  const privateKey = await signingKeyOf(reader, principal, time);
  const until = Math.floor(time / 1000) + seconds;
  const endpoint = `${publicUrl()}/${imagekitId}/`;
  const { url } = fileObject(asset, { publicUrl: publicUrl(), imagekitId });
  const [path = "", query = ""] = url.slice(endpoint.length).split("?");
  const signed = (parameter: Listed, asked: readonly string[]) =>
    asked.map((transformation) => {
      const rest = `${path}${suffixes[parameter]}?${query}${queryOf(parameter, transformation)}`;
      return { transformation, url: endpoint + signPath(privateKey, rest, until) };
    });
  return {
    urls: signed("transformations", transformations),
    ...(thumbnails && { thumbnails: signed("thumbnails", thumbnails) }),
    expiresAt: new Date(until * 1000).toISOString(),
  };
}

/** The characters of a query's value that no client encodes. A transformation can end neither its parameter nor the query. */
const queryText = /^[\w\-.~!$()*+,;=:@/%]*$/;

/** @param transformation as it stands in a URL: what has no place there is percent-encoded */
function queryOf(parameter: Listed, transformation: string): string {
  if (transformation === "") return "";
  if (!queryText.test(transformation)) {
    throw invalidParameter(parameter, "Write them as they stand in a URL: %20 for a space, for example.");
  }
  try {
    readWritten([{ text: transformation, form: "query" }]);
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    throw invalidParameter(parameter, `${error.message.replace(/\.$/, "")}.`);
  }
  return `&tr=${transformation}`;
}
