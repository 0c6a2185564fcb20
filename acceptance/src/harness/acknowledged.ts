import { expect } from "vitest";
import { deliver, original } from "./deliver.ts";
import { call } from "./media-api.ts";
import type { Answer } from "./upload.ts";

/** An upload that was answered with 200. From then on the server must not lose it. */
export interface Acknowledged {
  readonly fileId: string;
  readonly versionId: string;
  readonly content: Buffer;
}

export function acknowledged(answer: Answer, content: Buffer): Acknowledged {
  if (answer.status !== 200) throw new Error(`answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
  return { fileId: answer.body.fileId, versionId: answer.body.versionInfo.id, content };
}

/** Expects each upload to exist as its own version with its own bytes, old versions included. */
export async function expectKept(url: string, uploads: readonly Acknowledged[]): Promise<void> {
  for (const [fileId, versions] of Map.groupBy(uploads, (upload) => upload.fileId)) {
    const { status, body } = await call(url, "GET", `/v1/files/${fileId}/versions`);
    expect(status, `the versions of ${fileId}`).toBe(200);
    for (const { versionId, content } of versions) {
      const version = body.find(({ versionInfo }: { versionInfo: { id: string } }) => versionInfo.id === versionId);
      expect(version, `version ${versionId} of ${fileId}`).toMatchObject({ size: content.length });
      const delivered = await deliver(original(version.url));
      expect(delivered.status, version.url).toBe(200);
      expect(delivered.bytes.equals(content), `the bytes of ${version.url}`).toBe(true);
    }
  }
}
