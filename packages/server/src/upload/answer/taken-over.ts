import type { Principal } from "../../accounts/authenticate.ts";
import { seesLibrary } from "../../accounts/key-roles.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import {
  type GivenValues,
  keptNames,
  type VisibilityName,
  visibilityNames,
} from "../../library/details/stored-columns.ts";
import type { StoredName } from "../../library/details/stored-parameters.ts";
import { readAiTags, writeAiTags } from "../../library/files/ai-tags.ts";
import type { ResponseField } from "../resolve/parameters/table.ts";
import type { UploadRequest } from "../resolve/validate.ts";

/*
 * A new version may take details over from the version before it. The pair that uploads it may have no right to read
 * those: a pair that may only upload is answered what it has set, and nothing of what was there.
 */

/** The details that a version can take over, by the names of the upload's parameters, as plain data. */
export type TakenOver = readonly (StoredName | "AITags" | "customMetadata")[];

/** The part of a request that says what a new version takes over. */
type TakingRequest = GivenValues &
  Pick<UploadRequest, "customMetadata" | "givenVisibility" | "overwriteAITags" | "overwriteCustomMetadata">;

/**
 * Lists the details of a new version that are kept from the pair that uploads it, where the file was there before.
 * @returns an empty list for a pair that may read the library
 */
export function withheldFrom({ key }: Pick<Principal, "key">, request: TakingRequest): TakenOver {
  if (seesLibrary(key.role)) return [];
  const ofMetadata = request.customMetadata === undefined && !request.overwriteCustomMetadata;
  return [
    ...keptNames(request),
    ...keptVisibility(request),
    ...(request.overwriteAITags ? [] : (["AITags"] as const)),
    ...(ofMetadata ? (["customMetadata"] as const) : []),
  ];
}

function keptVisibility({ givenVisibility }: Pick<TakingRequest, "givenVisibility">): VisibilityName[] {
  return visibilityNames.filter((name) => !givenVisibility.includes(name));
}

/** The part of an upload's answer that its pair may see. */
export interface OwnAnswer {
  readonly asset: AssetRow;
  readonly responseFields: ReadonlySet<ResponseField>;
}

/**
 * Takes out of an upload's answer what is withheld. A response field whose value is withheld is left out, so that it
 * says nothing, not even that there is no value.
 * @param statuses those of the upload's own extensions, whose tags are the upload's own
 */
export function ownAnswer(
  { asset, responseFields }: OwnAnswer,
  withheld: TakenOver,
  statuses: ExtensionStatuses = {},
): OwnAnswer {
  // The first version of a file has taken nothing over.
  if (withheld.length === 0 || asset.number === 1) return { asset, responseFields };
  const names: ReadonlySet<string> = new Set(withheld);
  return {
    asset: {
      ...asset,
      ...(names.has("tags") && { tags: null }),
      ...(names.has("description") && { description: null }),
      ...(names.has("customMetadata") && { custom_metadata: null }),
      ...(names.has("AITags") && { ai_tags: ownAiTags(asset.ai_tags, statuses) }),
    },
    responseFields: new Set([...responseFields].filter((field) => !names.has(field))),
  };
}

function ownAiTags(stored: string | null, statuses: ExtensionStatuses): string | null {
  return writeAiTags(readAiTags(stored).filter(({ source }) => statuses[source] === "success"));
}
