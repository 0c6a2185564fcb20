import { afterAll, beforeAll, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { findAccount } from "./accounts.ts";
import { findDeliverable } from "./deliverables.ts";
import { deliveryStateOf, findDeliveryState, isSameState } from "./delivery-states.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterAll(() => fixture.close());

  test("the state that is read of a place is that of the rows which lead there", async () => {
    const { reader } = fixture.parts.database;
    const { accountId, viewer, imagekitId } = fixture.principal;
    await fixture.upload("first", { fileName: "a.txt", useUniqueFileName: "false" });
    fixture.time += 1000;
    await fixture.upload("second", { fileName: "a.txt", useUniqueFileName: "false" });
    const at = { folder: "/", name: "a.txt" };
    const account = await findAccount(reader, { id: accountId });
    const versions = await reader.selectFrom("versions").select("object_version").orderBy("number").execute();
    const states = [];
    for (const objectVersion of [undefined, ...versions.map((version) => version.object_version)]) {
      const row = await findDeliverable(reader, viewer, at, objectVersion);
      const state = await findDeliveryState(reader, { imagekitId, path: at.folder, name: at.name, objectVersion });
      if (account === undefined || row === undefined || state === undefined) throw new Error("there is none");
      const folders = { moved_at: row.folder_moved_at };
      const files = { updated_at: row.file_updated_at };
      const kept = deliveryStateOf({ accounts: account, folders, files, versions: row });
      expect(state).toEqual(kept);
      expect(isSameState(state, kept)).toBe(true);
      states.push(state);
    }
    const [current, first, second] = states;
    expect(current).toEqual(second);
    expect(current).not.toEqual(first);
    expect(await findDeliveryState(reader, { imagekitId, path: "/", name: "b.txt", objectVersion: undefined })).toBe(
      undefined,
    );
  });
});
