import { isBlobKey } from "../blob-key.ts";

/** Below the prefix, where what is no blob lies. */
export const derivedFolder = "derived/";

/** How blobs are named in a bucket: `<prefix>/<first two characters of the key>/<key>`. */
export interface ObjectKeys {
  /** What all of them begin with. */
  readonly prefix: string;
  objectKeyOf(blobKey: string): string;
  /** Undefined for an object that is no blob. */
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
