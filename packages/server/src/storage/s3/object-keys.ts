import { isBlobKey } from "../blob-key.ts";

/** The folders below the prefix for objects that are not blobs: derived files, and pieces of unfinished blobs. */
export const derivedFolder = "derived/";
export const partialFolder = "partial/";

/** Names blobs in a bucket: `<prefix>/<first two characters of the key>/<key>`. */
export interface ObjectKeys {
  /** The beginning of all object keys. */
  readonly prefix: string;
  objectKeyOf(blobKey: string): string;
  /** Returns undefined for an object that isn't a blob. */
  blobKeyOf(objectKey: string | undefined): string | undefined;
}

export function objectKeys(folder: string): ObjectKeys {
  const prefix = folder === "" ? "" : `${folder}/`;
  const objectKeyOf = (key: string): string => `${prefix}${key.slice(0, 2)}/${key}`;
  return {
    prefix,
    objectKeyOf,
    blobKeyOf(objectKey = "") {
      const key = objectKey.slice(objectKey.lastIndexOf("/") + 1);
      return isBlobKey(key) && objectKeyOf(key) === objectKey ? key : undefined;
    },
  };
}
