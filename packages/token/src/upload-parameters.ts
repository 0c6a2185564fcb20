type Flag = boolean | string;
type Json = string | object;

/** Changes to an image: before it is stored, in its place, and after it is stored (docs/transforming-uploads.md). */
export interface UploadTransformation {
  /** A transformation as in a URL: `w-1600,h-1600,c-at_max` */
  readonly pre?: string | undefined;
  readonly post?: readonly PostTransformation[] | undefined;
}

/** A server may support only the type that is for images: `transformation`. */
export type PostTransformation =
  | { readonly type: "transformation"; readonly value: string }
  | { readonly type: "gif-to-video" | "thumbnail"; readonly value?: string | undefined }
  | { readonly type: "abs"; readonly value: string; readonly protocol: "hls" | "dash" };

/** The types in which a parameter may be given. `parameterKinds` says which of them a documented parameter accepts. */
export type ParameterValue = string | number | boolean | object;

/**
 * The parameters of one upload (docs/protocol/upload.md §5), apart from `file` and `token`. Each may be given as the
 * string that travels, or typed: flags as booleans, lists as arrays of strings, JSON parameters as arrays or objects. A
 * parameter that is `undefined` is left out. Other names are allowed with a string, number or boolean. The server
 * requires them in the token like all other parameters, and then ignores them.
 */
export interface UploadParameters {
  readonly fileName: string;
  readonly useUniqueFileName?: Flag | undefined;
  readonly folder?: string | undefined;
  readonly tags?: string | readonly string[] | undefined;
  readonly isPrivateFile?: Flag | undefined;
  readonly isPublished?: Flag | undefined;
  /** `x,y,width,height` */
  readonly customCoordinates?: string | undefined;
  readonly responseFields?: string | readonly string[] | undefined;
  readonly extensions?: string | readonly object[] | undefined;
  readonly webhookUrl?: string | undefined;
  readonly overwriteFile?: Flag | undefined;
  readonly overwriteAITags?: Flag | undefined;
  readonly overwriteTags?: Flag | undefined;
  readonly overwriteCustomMetadata?: Flag | undefined;
  readonly overwriteDescription?: Flag | undefined;
  readonly customMetadata?: Json | undefined;
  readonly transformation?: string | UploadTransformation | undefined;
  readonly checks?: string | undefined;
  readonly description?: string | undefined;
  readonly [parameter: string]: ParameterValue | undefined;
}

export type ParameterKind = "text" | "flag" | "list" | "array" | "object";

/** The documented parameters that are not just a text, a number or a boolean (docs/protocol/upload.md §3, §5). */
export const parameterKinds: ReadonlyMap<string, ParameterKind> = new Map(
  Object.entries({
    useUniqueFileName: "flag",
    isPrivateFile: "flag",
    isPublished: "flag",
    overwriteFile: "flag",
    overwriteAITags: "flag",
    overwriteTags: "flag",
    overwriteCustomMetadata: "flag",
    overwriteDescription: "flag",
    tags: "list",
    responseFields: "list",
    extensions: "array",
    customMetadata: "object",
    transformation: "object",
  } satisfies Partial<Record<keyof UploadParameters, ParameterKind>>),
);

/** The names of all documented parameters. */
export const parameterNames: readonly string[] = [
  ...["fileName", "folder", "customCoordinates", "webhookUrl", "checks", "description"],
  ...parameterKinds.keys(),
];

/** Names that are never parameters: the two fields that aren't claims, and the two claims that aren't fields. */
export const reservedNames: ReadonlySet<string> = new Set(["file", "token", "iat", "exp"]);
