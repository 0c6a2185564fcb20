import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { ConfigError } from "../../config/config-error.ts";
import type { Bucket } from "./bucket.ts";
import { statusOf } from "./s3-error.ts";

const problems: Readonly<Record<number, (bucket: string) => string>> = {
  301: (bucket) => `bucket ${bucket} is in another region`,
  400: (bucket) => `the service refuses to look at bucket ${bucket}: check region and credentials`,
  403: (bucket) => `the credentials give no access to bucket ${bucket}`,
  404: (bucket) => `there is no bucket ${bucket}`,
};

/**
 * Checks the bucket at the start. An operator's mistake is reported in one line.
 * @throws ConfigError; StorageError when the service can't be asked
 */
export async function checkBucket(bucket: Bucket, signal?: AbortSignal): Promise<void> {
  const { client, name, option } = bucket;
  const blame = (problem: string): never => {
    throw new ConfigError(`${option}: ${problem}`);
  };
  await client.config.region().catch(() => blame("it names no region, and neither does AWS_REGION"));
  await client.config
    .credentials()
    .catch(() => blame("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
  const problem = await bucket.request({ action: "look at the blob store", signal }, (options) =>
    client.send(new HeadBucketCommand({ Bucket: name }), options).then(
      () => undefined,
      (error: unknown) => {
        const known = problems[statusOf(error) ?? 0];
        if (known === undefined) throw error;
        return known(name);
      },
    ),
  );
  if (problem !== undefined) blame(problem);
}
