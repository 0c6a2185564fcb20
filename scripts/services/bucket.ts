import { DeleteObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** The keys below a place such as `s3://bucket/prefix?endpoint=…`, read with the environment's credentials. */
export async function listObjects(storageUrl: string): Promise<string[]> {
  return withBucket(storageUrl, async (client, Bucket, prefix) => {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  });
}

/** Deletes the objects below the place whose keys the condition takes. */
export async function deleteObjects(storageUrl: string, isMeant: (key: string) => boolean): Promise<void> {
  const keys = (await listObjects(storageUrl)).filter(isMeant);
  await withBucket(storageUrl, async (client, Bucket) => {
    for (const Key of keys) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  });
}

async function withBucket<Result>(
  storageUrl: string,
  run: (client: S3Client, bucket: string, prefix: string) => Promise<Result>,
): Promise<Result> {
  const { hostname, pathname, searchParams } = new URL(storageUrl);
  const endpoint = searchParams.get("endpoint");
  const client = new S3Client({
    ...(endpoint === null ? {} : { endpoint }),
    region: searchParams.get("region") ?? "us-east-1",
    forcePathStyle: searchParams.get("forcePathStyle") === "true",
  });
  try {
    return await run(client, hostname, `${pathname.slice(1)}/`);
  } finally {
    client.destroy();
  }
}
