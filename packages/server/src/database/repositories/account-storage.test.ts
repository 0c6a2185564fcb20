import { afterEach, beforeEach, expect, test } from "vitest";
import { createFilesApp, type FilesApp } from "../../http/routes/files/testing/files-app.ts";
import { describeEngines } from "../../testing/engines.ts";
import { storedBytes } from "./account-storage.ts";

describeEngines((engine) => {
  let app: FilesApp;
  beforeEach(async () => {
    app = await createFilesApp(engine);
  });
  afterEach(() => app.close());

  test("every version counts from its upload to its deletion, for its own account", async () => {
    const first = await app.upload({ size: 100, fields: { fileName: "a.jpg" } });
    await app.upload({ size: 20, fields: { fileName: "a.jpg" } });
    await app.upload({ size: 3, fields: { fileName: "b.jpg" } });
    const other = await app.upload({ size: 5000, account: "other" });
    const { account_id: accountId } = first;
    const stored = () => storedBytes(app.database.reader, accountId);
    expect(await stored()).toBe(123);
    expect(await storedBytes(app.database.reader, other.account_id)).toBe(5000);

    await app.request("DELETE", `/v1/files/${first.file_id}/versions/${first.id}`);
    expect(await stored()).toBe(23);
    await app.request("DELETE", `/v1/files/${first.file_id}`);
    expect(await stored()).toBe(3);
  });

  test("uploads at once are all counted, and what is refused is not", async () => {
    const sizes = Array.from({ length: 40 }, (_, index) => index + 1);
    const [{ account_id: accountId } = { account_id: "" }] = await Promise.all(
      sizes.map((size) => app.upload({ size, fields: { fileName: `${size}.jpg` } })),
    );
    const taken = { fileName: "1.jpg", overwriteFile: "false" };
    await expect(app.upload({ size: 1000, fields: taken })).rejects.toThrow("name taken");
    expect(await storedBytes(app.database.reader, accountId)).toBe(820);
  });
});
