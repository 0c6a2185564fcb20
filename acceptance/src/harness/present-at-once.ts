import { expect } from "vitest";
import { expectRefusal } from "./expectations.ts";
import { call } from "./media-api.ts";
import type { Nodes } from "./nodes.ts";
import { mint, uploadWithToken } from "./upload.ts";
import { metricsOf } from "./worker-processes.ts";

const [presentations, lanes, page] = [10, 8, 1000];

/**
 * Presents each of so many tokens ten times at once, to all nodes in turn, and expects that each is accepted exactly once
 * and that every node has taken its share. The library must be empty.
 */
export async function presentEachAtOnce(nodes: Nodes, count: number): Promise<void> {
  const fields = { fileName: "once.txt", folder: "/tokens" };
  const tokens = Array.from({ length: count }, () => mint(fields, { expiresIn: 600 })).values();
  let stored = 0;
  const present = async (): Promise<void> => {
    for (const token of tokens) {
      const answers = await Promise.all(
        Array.from({ length: presentations }, () => uploadWithToken(nodes.url, "hello", fields, token)),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      for (const answer of refused) expectRefusal(answer, 400, "TOKEN_USED");
      expect(refused).toHaveLength(presentations - 1);
      stored++;
    }
  };
  await Promise.all(Array.from({ length: lanes }, present));
  expect(stored).toBe(count);
  for (const { url } of nodes.servers) {
    expect((await metricsOf(url)).sum("sluice_uploads_total", { outcome: "stored" })).toBeGreaterThan(count / 10);
    expect(await filesSeenBy(url, count)).toBe(count);
  }
}

async function filesSeenBy(url: string, count: number): Promise<number> {
  const ids = new Set<string>();
  for (let skip = 0; skip <= count; skip += page) {
    const { body } = await call(url, "GET", `/v1/files?limit=${page}&skip=${skip}`);
    for (const { fileId } of body) ids.add(fileId);
  }
  return ids.size;
}
