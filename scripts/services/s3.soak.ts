import { existsSync } from "node:fs";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3Problem, startS3 } from "./s3.ts";

const installed = s3Problem() === undefined || process.env.CI === "true";

test.skipIf(!installed)(
  "a private S3 keeps its objects over an outage, and leaves nothing when it is stopped",
  async () => {
    const service = await startS3();
    const { endpoint, bucket, keys: credentials } = service;
    const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 });
    const list = () => client.send(new ListObjectsV2Command({ Bucket: bucket }));
    try {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: "kept", Body: "here" }));
      await service.killGateway();
      await expect(list()).rejects.toThrow();
      await service.startGateway();
      expect((await list()).Contents?.map(({ Key }) => Key)).toEqual(["kept"]);
    } finally {
      await service.stop();
      client.destroy();
    }
    await expect(fetch(endpoint)).rejects.toThrow();
    expect(existsSync(service.folder)).toBe(false);
  },
);
