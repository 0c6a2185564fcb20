import type { IncomingHttpHeaders } from "node:http";
import { namesIn } from "@sluice/grammar";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import type { Services } from "../services.ts";
import { admit } from "./access.ts";
import type { Answer } from "./answer.ts";
import { type Cacheability, cacheControl } from "./cache-control.ts";
import { type DeliveryUrl, parseDeliveryUrl, splitEndpoint } from "./delivery-url.ts";
import { answerFile } from "./drawing.ts";
import { answerOriginal } from "./original.ts";
import { answerRendered } from "./rendered.ts";
import { chooseRendition, readWritten } from "./rendition.ts";
import { resolveEndpoint, resolveVersion } from "./resolve.ts";
import { readSignature, type Signed, verifySignature } from "./signed-url.ts";

export interface DeliveryServices {
  readonly database: Pick<Services["database"], "reader">;
  readonly blobs: Pick<Services["blobs"], "size" | "read" | "link">;
  readonly images: Pick<Services["images"], "render" | "sanitise" | "hold">;
  readonly derived: Pick<Services["derived"], "get">;
  readonly namedTransformations: Pick<Services["namedTransformations"], "of">;
  readonly now: Services["now"];
}

export interface DeliveryRequest {
  /** The request target in origin form, byte for byte as it was sent. */
  readonly target: string;
  readonly method: "GET" | "HEAD";
  readonly headers: IncomingHttpHeaders;
}

/** What is to be sent, once access is settled. */
export interface Delivery {
  readonly version: DeliverableRow;
  readonly url: DeliveryUrl;
  readonly signed: boolean;
  readonly method: DeliveryRequest["method"];
  readonly requestHeaders: IncomingHttpHeaders;
  readonly cacheability: Cacheability;
  /** Those that an answer without a body carries as well. */
  readonly headers: { readonly "cache-control": string; readonly "last-modified": string };
}

/**
 * Decides what a URL delivers, in the order of spec/delivery.md §2.
 * @throws DeliveryRefusal, and the errors of database, store and image engine
 */
export async function deliver(
  services: DeliveryServices,
  request: DeliveryRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { reader } = services.database;
  const { imagekitId, rest } = splitEndpoint(request.target);
  const account = await resolveEndpoint(reader, imagekitId);
  const url = parseDeliveryUrl(rest);
  const written = readWritten(url.transformations);
  const signature = await checkSignature(services, account.id, rest);
  const rendition = chooseRendition(written, await services.namedTransformations.of(account.id, namesIn(written)));
  const version = await resolveVersion(reader, account.id, url);
  admit(version, rendition, signature !== undefined);
  const cacheability = cacheabilityOf(version, url, signature, services.now());
  const delivery: Delivery = {
    version,
    url,
    signed: signature !== undefined,
    method: request.method,
    requestHeaders: request.headers,
    cacheability,
    headers: { "cache-control": cacheControl(cacheability), "last-modified": lastModified(version, url) },
  };
  if (rendition.kind !== "original") return answerRendered(services, delivery, rendition, signal);
  const byName = url.transformations.length > 0;
  return byName ? answerOriginal(services, delivery, signal) : answerFile(services, delivery, signal);
}

async function checkSignature(
  { database, now }: DeliveryServices,
  accountId: string,
  rest: string,
): Promise<Signed | undefined> {
  const claim = readSignature(rest);
  if (claim === undefined) return undefined;
  const pairs = await listActiveKeyPairs(database.reader, accountId, now());
  return verifySignature(
    claim,
    pairs.map((pair) => pair.private_key),
    now(),
  );
}

function cacheabilityOf(
  version: DeliverableRow,
  { objectVersion, updatedAt }: DeliveryUrl,
  signature: Signed | undefined,
  now: number,
): Cacheability {
  return {
    immutable: objectVersion !== undefined || updatedAt === String(version.updated_at),
    isPrivate: version.is_private_file === 1,
    signedSeconds: signature?.until === undefined ? undefined : signature.until - Math.floor(now / 1000),
  };
}

function lastModified(version: DeliverableRow, { objectVersion }: DeliveryUrl): string {
  // The plain URL changes also when an older version becomes the current one again.
  const { updated_at: own, file_updated_at: files } = version;
  return new Date(objectVersion === undefined ? Math.max(own, files) : own).toUTCString();
}
