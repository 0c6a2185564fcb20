import { randomUUID } from "node:crypto";
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../storage-error.ts";
import { lingering } from "./bucket.ts";
import type { BlobToPut, Put } from "./put.ts";
import { withSource } from "./put.ts";
import { putParts } from "./put-parts.ts";

const markName = "sluice-put";

/**
 * Stores the source under its key: a small one in one request, a large one in parts. If the answer to a request is
 * lost, the outcome is looked up before the request counts as failed.
 */
export async function putBlob(blob: BlobToPut): Promise<void> {
  const { bucket, key, source, signal } = blob;
  const mark = randomUUID();
  await withSource(source, async (read) => {
    const put: Put = { ...blob, read, action: `store blob ${key}`, metadata: { [markName]: mark } };
    try {
      await (source.size <= bucket.limits.partBytes ? putWhole(put) : putParts(put));
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof StorageError)) throw error;
      const found = await look(put).catch(() => undefined);
      if (found === undefined) throw error;
      if (found.mark !== mark) throw new StorageError("BLOB_EXISTS", `There is a blob ${key} already`);
      if (found.size !== source.size) throw error;
    }
  });
  if (signal?.aborted) {
    await remove(blob).catch(() => undefined);
    throw signal.reason;
  }
}

async function putWhole(put: Put): Promise<void> {
  const { bucket, budget, objectKey, source, read, action, metadata, signal } = put;
  await budget.use(source.size, signal, async () => {
    const body = await read(0, source.size);
    const command = new PutObjectCommand({
      Bucket: bucket.name,
      Key: objectKey,
      Body: body,
      ContentLength: source.size,
      Metadata: metadata,
      IfNoneMatch: "*",
    });
    if (source.sha256 !== undefined) vouchFor(command, source.sha256);
    using patient = lingering(signal, bucket.limits.lingerMs);
    await bucket.request({ action, kind: "long", signal: patient.signal, meaning: { 412: "BLOB_EXISTS" } }, (options) =>
      bucket.writeClient.send(command, options),
    );
  });
}

/**
 * Makes the service compare what arrives with the hash that was computed when the upload was received, not with a hash
 * made just now.
 */
function vouchFor(command: PutObjectCommand, sha256: Uint8Array): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-content-sha256"] = Buffer.from(sha256).toString("hex");
      return next(args);
    },
    { step: "build", name: "contentSha256" },
  );
}

async function look({ bucket, objectKey, action }: Put): Promise<{ size: number; mark: string | undefined }> {
  const { ContentLength: size = 0, Metadata = {} } = await bucket.request({ action, kind: "glance" }, (options) =>
    bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: objectKey }), options),
  );
  return { size, mark: Metadata[markName] };
}

async function remove({ bucket, key, objectKey }: BlobToPut): Promise<void> {
  await bucket.request({ action: `delete blob ${key}`, kind: "glance" }, (options) =>
    bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: objectKey }), options),
  );
}
