import { afterAll, beforeAll, expect, test } from "vitest";
import { viewerOfServer } from "../access/viewer.ts";
import { type AssetRow, findCurrentAsset } from "../database/repositories/assets.ts";
import { moveFileTo } from "../library/files/organise-files.ts";
import { createLogger } from "../observability/logger.ts";
import { describeEngines } from "../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { newId } from "../text/id.ts";
import { changeFileDetails } from "./file-patch/patch-file.ts";
import { ExtensionFailure, type ExtensionProvider, type ExtensionResult } from "./provider.ts";
import { type ExtensionRun, runExtension } from "./run-extension.ts";
import { fixedProviders } from "./testing/fixed-providers.ts";

const logger = createLogger("silent");

describeEngines((engine) => {
  let fixture: UploadFixture;
  /** The jobs are never started, so that the tests decide what runs. */
  let jobs: Awaited<ReturnType<UploadFixture["openJobs"]>>;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
    jobs = await fixture.openJobs();
  });
  afterAll(async () => {
    await jobs?.close();
    await fixture.close();
  });

  async function newRun(asset: AssetRow): Promise<ExtensionRun> {
    const endpoint = { publicUrl: "https://files.example", imagekitId: "demo" };
    const run = { id: newId(), extension: { name: "remove-bg", options: {} }, webhookUrl: "https://hooks.example/" };
    const target = { accountId: asset.account_id, fileId: asset.file_id };
    const extensions = [{ ...run, ...endpoint, afterSeconds: 3600 }];
    await fixture.services.database.run(changeFileDetails, { ...target, now: fixture.time, details: {}, extensions });
    return { ...run, ...target, ...endpoint, versionId: asset.id };
  }

  /** Makes one attempt, like the job of some node. */
  function attempt(run: ExtensionRun, does: ExtensionResult | ExtensionFailure | string) {
    const provider: ExtensionProvider = {
      async run(_task, use) {
        if (does instanceof ExtensionFailure) throw does;
        if (typeof does !== "string") return use(does);
        const file = fixture.parts.spool.create();
        try {
          await file.write(Buffer.from(does));
          return await use({ version: { file: await file.finish(), head: Buffer.from(does) } });
        } finally {
          await file.discard();
        }
      },
    };
    const extensions = fixedProviders({ "remove-bg": provider });
    return runExtension({ ...fixture.services, extensions, logger }, run, { awaited: false, final: true }, never);
  }

  const ends = () =>
    fixture.services.database.reader.selectFrom("events").select("payload").where("type", "=", "extension").execute();

  test.each<[string, (index: number) => ExtensionResult | ExtensionFailure | string]>([
    ["tags", (index) => ({ addTags: [`tag ${index}`] })],
    ["new versions of one content", () => "made"],
    ["new versions, each another", (index) => `made ${index}`],
    ["results and failures", (index) => (index % 2 === 0 ? `odd ${index}` : new ExtensionFailure("NO", "No."))],
  ])("of attempts at once that come to %s one ends the extension, and it alone is told of", async (_what, does) => {
    const asset = await fixture.upload(newId(), { fileName: `${newId()}.txt` });
    const run = await newRun(asset);
    const before = (await ends()).length;
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => attempt(run, does(index))));
    const [outcome, ...others] = outcomes.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect((await ends()).length).toBe(before + 1);
    const current = await findCurrentAsset(fixture.services.database.reader, viewerOfServer(run.accountId), run.fileId);
    const made = outcome === "success" && typeof does(0) === "string";
    expect(current?.number).toBe(made ? 2 : 1);
    expect(await fixture.problems()).toEqual([]);
  });

  test("a webhookUrl that may not be told what was there is told what the extension has found", async () => {
    const tags = { tags: "old", description: "old" };
    const asset = await fixture.upload(newId(), { fileName: `${newId()}.txt`, ...tags });
    const run = { ...(await newRun(asset)), withheld: ["tags", "AITags", "customMetadata"] };
    const found = [{ name: "New", confidence: 50 }];
    expect(await attempt(run, { addTags: ["new"], aiTags: found })).toBe("success");
    const [told] = (await ends()).map(({ payload }) => JSON.parse(payload)).slice(-1);
    expect(told.fileObject).toMatchObject({
      fileId: asset.file_id,
      tags: ["new"],
      description: "old",
      customMetadata: {},
    });
    expect(told.fileObject.AITags).toEqual([{ ...found[0], source: "remove-bg" }]);
    const current = await findCurrentAsset(fixture.services.database.reader, viewerOfServer(run.accountId), run.fileId);
    expect(current?.tags).toBe('["old","new"]');
  });

  test("a run on a file that is merged meanwhile ends at the file that has the version then", async () => {
    const name = `${newId()}.txt`;
    const there = await fixture.upload(newId(), { folder: "/merged", fileName: name });
    const asset = await fixture.upload(newId(), { fileName: name });
    const [success, failure] = [await newRun(asset), await newRun(asset)];
    const { accountId } = success;
    const move = { accountId, from: { folder: "/", name }, folder: "/merged", now: fixture.time };
    expect(await fixture.services.database.run(moveFileTo, move)).toMatchObject({ outcome: "done" });
    expect(await attempt(success, { addTags: ["found"] })).toBe("success");
    const current = await findCurrentAsset(fixture.services.database.reader, viewerOfServer(accountId), there.file_id);
    expect([current?.id, current?.tags]).toEqual([asset.id, '["found"]']);
    expect(await attempt(failure, new ExtensionFailure("NO", "No."))).toBe("failed");
    const told = (await ends()).map(({ payload }) => JSON.parse(payload));
    expect(told).toContainEqual(expect.objectContaining({ status: "FAILURE", fileId: there.file_id }));
  });
});
