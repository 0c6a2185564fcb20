import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** The keys below a place such as `s3://bucket/prefix?endpoint=…`, read with the environment's credentials. */
export async function listObjects(storageUrl: string): Promise<string[]> {
  const { hostname: Bucket, pathname, searchParams } = new URL(storageUrl);
  const endpoint = searchParams.get("endpoint");
  const client = new S3Client({
    ...(endpoint === null ? {} : { endpoint }),
    region: searchParams.get("region") ?? "us-east-1",
    forcePathStyle: searchParams.get("forcePathStyle") === "true",
  });
  try {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: `${pathname.slice(1)}/` })) {
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  } finally {
    client.destroy();
  }
}
