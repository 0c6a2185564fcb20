import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { LinkedAnswer } from "../blob-store.ts";
import type { Bucket } from "./bucket.ts";
import { toS3StorageError } from "./s3-error.ts";

/** Returns an address in the bucket that gives this answer for a while. Everything in the address is signed. */
export async function signLink(bucket: Bucket, objectKey: string, answer: LinkedAnswer): Promise<string> {
  const { contentType, contentDisposition, cacheControl, seconds } = answer;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: objectKey,
    ResponseContentType: contentType,
    ResponseContentDisposition: contentDisposition,
    ResponseCacheControl: cacheControl,
  });
  try {
    return await getSignedUrl(bucket.readClient, command, { expiresIn: seconds });
  } catch (error) {
    throw toS3StorageError(error, "sign an address");
  }
}
