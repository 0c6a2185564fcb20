import { afterEach, beforeEach, expect, test } from "vitest";
import { findPictureDetection, type PictureSearch } from "../../../../database/repositories/picture-detections.ts";
import { describeEngines } from "../../../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../../../testing/upload-fixture.ts";
import { keepPictureDetection } from "./detection-transactions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const keep = (search: PictureSearch, things: string) =>
    fixture.parts.database.run(keepPictureDetection, { search, things });

  test("of several nodes that search a picture at once, one decides for all", async () => {
    const { blob_id: blobId } = await fixture.upload("a picture", { fileName: "a.jpg" });
    const search = { blobId, detection: "faces", page: 0, revision: 1 };
    const nodes = Array.from({ length: 8 }, (_, node) => keep(search, `[${node}]`));
    const [first = "", ...others] = await Promise.all(nodes);
    expect(new Set(others)).toEqual(new Set([first]));
    expect(await findPictureDetection(fixture.parts.database.reader, search)).toBe(first);
    for (const other of [{ page: 2 }, { detection: "objects" }, { revision: 2 }]) {
      expect(await keep({ ...search, ...other }, "[9]")).toBe("[9]");
    }
  });

  test("what was found in bytes that are not in the library is not recorded", async () => {
    const search = { blobId: "origin/1/2", detection: "faces", page: 0, revision: 1 };
    expect(await keep(search, "[1]")).toBe("[1]");
    expect(await findPictureDetection(fixture.parts.database.reader, search)).toBeUndefined();
  });
});
