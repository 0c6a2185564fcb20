import {
  type Checks,
  ChecksError,
  type CustomFieldType,
  evaluateChecks,
  type Fact,
  type Facts,
  notYetKnown,
  parseChecks,
} from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import { LRUCache } from "lru-cache";
import type { Principal } from "../../accounts/authenticate.ts";
import { type CustomValue, readCustomMetadata } from "../../library/custom-metadata/field.ts";
import { isRead, type MediaFacts } from "../../media/inspect/media-facts.ts";
import { parseIsoDate } from "../../text/iso-date.ts";
import { shortened } from "../../text/shortened.ts";
import type { Admitted } from "../form/authorise/authoriser.ts";
import { present } from "../form/receive/form-fields.ts";
import { type FieldsOf, resolveCustomMetadata } from "./custom-metadata.ts";
import { uploadParameters } from "./parameters/table.ts";
import { type UploadRequest, validate, validateSoFar } from "./validate.ts";

/** The bytes that are to be stored. */
export interface FileToCheck {
  readonly size: number;
  readonly media: MediaFacts;
}

/** An upload's parsed `checks`. */
export interface UploadChecks {
  readonly checks: Checks;
  /** Types of the account's custom metadata fields, by name; empty when the checks ask for none. */
  readonly customFields: ReadonlyMap<string, CustomFieldType>;
  /** The whole request, where the token's claims already gave every field of the form. */
  readonly request?: UploadRequest;
}

/** The facts that are known about an upload so far. A parameter that is known to be left out has its default. */
interface KnownUpload {
  readonly request: Partial<UploadRequest>;
  /** The value as JSON; undefined while it isn't known. */
  readonly customMetadata?: string | null;
  readonly file?: FileToCheck;
}

const customPrefix = "request.customMetadata.";

/** Characters of all cached texts together. An app's policy is the same in all of its tokens, so it is parsed once. */
const rememberedLength = 64 * 1024;
const remembered = new LRUCache<string, UploadChecks>({
  maxSize: rememberedLength,
  sizeCalculation: (_checks, text) => text.length,
  memoMethod: (text) => parse(text, new Map()),
});

/**
 * Refuses an upload that can't be stored, whatever its file is and whatever fields follow the file.
 * @param fields the fields that come before the file
 * @returns the parsed checks; undefined when no checks are known yet
 * @throws SluiceError CHECKS_INVALID, CHECKS_FAILED, or for a parameter that is bad; nothing for an upload without
 * checks
 */
export async function checkBeforeFile(
  fieldsOf: FieldsOf,
  { principal, claims }: Admitted,
  fields: ReadonlyMap<string, string>,
): Promise<UploadChecks | undefined> {
  const whole = claims !== undefined && hasOnlyTexts(claims) ? claims : undefined;
  const checks = await readChecks(fieldsOf, principal, present(whole ?? fields, "checks"));
  if (checks === undefined) return undefined;
  const request = whole && validate(whole);
  const known = request ?? validateSoFar(fields);
  const asksForCustom = checks.customFields.size > 0 && "customMetadata" in known;
  const wanted = { customMetadata: known.customMetadata, responseFields: new Set<never>() };
  const custom = asksForCustom ? await resolveCustomMetadata(fieldsOf, principal, wanted) : {};
  assertChecks(checks, { request: known, ...custom });
  return request === undefined ? checks : { ...checks, request };
}

/**
 * Judges the request by its checks, and returns a function that judges the bytes to be stored.
 * @param customMetadata JSON, with the defaults of required fields
 * @param read the checks as parsed before the file; they are still the same, because no field comes twice
 * @throws SluiceError CHECKS_INVALID, CHECKS_FAILED; the returned function throws CHECKS_FAILED, and
 * PARAMETER_NOT_SUPPORTED for checks that depend on a fact that is never found out about such a file
 */
export async function checkRequest(
  fieldsOf: FieldsOf,
  principal: Principal,
  request: UploadRequest,
  customMetadata: string | null,
  read?: UploadChecks,
): Promise<(file: FileToCheck) => void> {
  const checks = read ?? (await readChecks(fieldsOf, principal, request.checks));
  if (checks === undefined) return () => undefined;
  // When the checks ask for no custom metadata fields, they need nothing of the request beyond the claims. Those were
  // known, and judged, before the file came.
  const judged = checks.request !== undefined && checks.customFields.size === 0;
  if (!judged) assertChecks(checks, { request, customMetadata });
  return (file) => assertChecks(checks, { request, customMetadata, file });
}

/** @returns undefined for an upload without checks */
async function readChecks(
  fieldsOf: FieldsOf,
  { accountId }: Principal,
  text: string | undefined,
): Promise<UploadChecks | undefined> {
  if (text === undefined) return undefined;
  if (!text.includes(customPrefix)) return remembered.memo(text);
  const fields = await fieldsOf(accountId);
  return parse(text, new Map(fields.map(({ name, schema }) => [name, schema.type])));
}

function parse(text: string, customFields: ReadonlyMap<string, CustomFieldType>): UploadChecks {
  try {
    return { checks: parseChecks(text, customFields), customFields };
  } catch (error) {
    if (!(error instanceof ChecksError)) throw error;
    throw new SluiceError("CHECKS_INVALID", { position: error.position, problem: error.problem });
  }
}

/** The known facts may decide the checks while other facts are still unknown. */
function assertChecks({ checks, customFields }: UploadChecks, known: KnownUpload): void {
  const result = evaluateChecks(checks, factsOf(known, customFields));
  if (result.outcome === "fails") throw new SluiceError("CHECKS_FAILED", { condition: shown(result.condition) });
  if (result.outcome === "undecided" && known.file !== undefined) {
    throw new SluiceError("PARAMETER_NOT_SUPPORTED", {
      parameter: "checks (mediaMetadata of a video or audio file that can't be read)",
    });
  }
}

function factsOf(known: KnownUpload, customFields: ReadonlyMap<string, CustomFieldType>): Facts {
  const { request, customMetadata, file } = known;
  const values = customMetadata === undefined ? undefined : new Map(Object.entries(readCustomMetadata(customMetadata)));
  return (field) => {
    const name = field.slice(field.indexOf(".") + 1);
    if (field.startsWith(customPrefix)) {
      const custom = field.slice(customPrefix.length);
      return values === undefined ? notYetKnown : customFact(values.get(custom), customFields.get(custom));
    }
    if (field.startsWith("request.")) return requestFact(request, name as keyof UploadRequest);
    if (file === undefined) return notYetKnown;
    return field.startsWith("file.") ? fileFacts(file)[name] : mediaFact(file.media, name);
  };
}

function requestFact(request: Partial<UploadRequest>, name: keyof UploadRequest): Fact {
  if (name in request) return request[name] as Fact;
  // A parameter that is not supported never gets a value, so it is missing and not merely unknown.
  return name === "fileName" || name in uploadParameters ? notYetKnown : undefined;
}

/** Dates are stored as they were sent, with zones and without seconds. */
function customFact(value: CustomValue | undefined, type: CustomFieldType | undefined): Fact {
  const time = type === "Date" && typeof value === "string" ? parseIsoDate(value) : undefined;
  return time === undefined ? value : new Date(time).toISOString();
}

function fileFacts({ size, media }: FileToCheck): Record<string, Fact> {
  return { size, mime: media.mime };
}

/**
 * The facts of a video or a sound that nothing here has read are unknown. Treating them as missing would let in files that
 * `NOT =` is to keep out.
 */
function mediaFact(media: MediaFacts, name: string): Fact {
  if (media.kind === "video" || media.kind === "audio") {
    const facts: Readonly<Record<string, Fact>> = { ...media };
    return isRead(media) ? facts[name] : notYetKnown;
  }
  return media.kind === "picture" && (name === "width" || name === "height") ? media[name] : undefined;
}

function hasOnlyTexts(claims: ReadonlyMap<string, unknown>): claims is ReadonlyMap<string, string> {
  return [...claims.values()].every((claim) => typeof claim === "string");
}

/** A condition that a message repeats is cut to this length. */
const shownLength = 200;

/** Shortens a caller's text, and replaces characters that are invisible or that reverse the text beside them. */
function shown(text: string): string {
  return shortened(text, shownLength)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{C}\p{Z}]/gu, (c) => (c === " " ? c : "?"));
}
