import type { Principal } from "../../accounts/authenticate.ts";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { mayShowLayers } from "../../delivery/find/access.ts";
import { type ExtensionPlan, resolveExtensions } from "../../extensions/resolve-extensions.ts";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import type { VideoLimits } from "../../media/video/video-filters.ts";
import type { UploadDeps } from "../deps.ts";
import { present } from "../form/receive/form-fields.ts";
import { checkRequest, type FileToCheck, type UploadChecks } from "./caller-checks.ts";
import { type FieldsOf, fieldsOnce, resolveCustomMetadata } from "./custom-metadata.ts";
import { type CanMake, type ResolvedPre, readPre } from "./read-pre.ts";
import { type UploadRequest, validate } from "./validate.ts";

/**
 * Everything that an upload asks for, checked against its account. Every file is stored by such a plan, however it
 * arrives.
 */
export interface ResolvedUpload {
  readonly principal: Principal;
  readonly request: UploadRequest;
  /** The fields that the request was read from, and the credentials among them. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly pre: ResolvedPre | undefined;
  readonly extensions: ExtensionPlan | undefined;
  /** The version's column, unless the request keeps the value of the version before. JSON; null for none. */
  readonly customMetadata: string | null;
  /** The account's custom metadata fields, where the answer is to describe them. */
  readonly fields: readonly CustomField[];
  /**
   * Applies the upload's `checks` to the bytes that are to be stored.
   * @throws SluiceError CHECKS_FAILED, PARAMETER_NOT_SUPPORTED
   */
  readonly checkFile: (file: FileToCheck) => void;
}

export type ResolveDeps = Pick<
  UploadDeps,
  "ai" | "config" | "customFields" | "database" | "extensions" | "namedTransformations" | "now" | "publicUrl"
> & {
  readonly images: Pick<UploadDeps["images"], "detects">;
  readonly videos: Pick<UploadDeps["videos"], "limits" | "program">;
};

/** The checks that were applied before the file came, and the custom metadata fields as they were read for them. */
interface EarlyChecks {
  readonly fieldsOf: FieldsOf;
  readonly checks?: UploadChecks | undefined;
}

/**
 * Makes the plan of an upload from its fields.
 * @throws SluiceError for the first thing that is bad, which it names
 */
export async function resolveUpload(
  deps: ResolveDeps,
  principal: Principal,
  fields: ReadonlyMap<string, string>,
  { fieldsOf, checks }: EarlyChecks = { fieldsOf: fieldsOnce(deps.customFields) },
): Promise<ResolvedUpload> {
  const { accountId } = principal;
  // A token's claims equal the form's fields word for word, so the request that was read from them holds.
  const request = checks?.request ?? validate(fields);
  const { transformation, extensions, webhookUrl } = request;
  const findNames = (names: Iterable<string>) => deps.namedTransformations.of(accountId, names);
  // A V1 signature locks no parameter, so its holder is a visitor who could write any prompt (docs/ai-effects.md),
  // and any layer.
  const locksFields = present(fields, "signature") === undefined;
  const canMake = {
    detects: deps.images.detects,
    ...((locksFields || deps.ai.unsigned) && { aiEffects: deps.ai.effects }),
    ...(!locksFields && { mayShow: shownTo(deps, accountId) }),
  };
  const pre = transformation && (await readPre(transformation, findNames, { ...canMake, ...(await videosOf(deps)) }));
  const asked = { principal, extensions, webhookUrl, fields: () => fieldsOf(accountId) };
  const plan = await resolveExtensions(deps, asked);
  const custom = await resolveCustomMetadata(fieldsOf, principal, request);
  const checkFile = await checkRequest(fieldsOf, principal, request, custom.customMetadata, checks);
  return { principal, request, parameters: fields, pre, extensions: plan, ...custom, checkFile };
}

async function videosOf({ videos }: Pick<ResolveDeps, "videos">): Promise<{ readonly videos?: VideoLimits }> {
  return "missing" in (await videos.program()) ? {} : { videos: videos.limits };
}

/** Says which files of the account layers may show to somebody whose transformation isn't signed. */
function shownTo({ database }: Pick<ResolveDeps, "database">, accountId: string): NonNullable<CanMake["mayShow"]> {
  return async (files, kind) => {
    const account = await findAccount(database.reader, { id: accountId });
    return mayShowLayers(readSwitches(account?.delivery_switches ?? null), files, {
      signed: false,
      thumbnail: false,
      kind,
    });
  };
}
