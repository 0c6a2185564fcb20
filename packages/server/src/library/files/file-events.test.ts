import { afterEach, beforeEach, expect, test } from "vitest";
import { findAccount } from "../../database/repositories/accounts.ts";
import { type EventContext, findEventContext } from "../../events/event-context.ts";
import { addWebhook, removeWebhook, setWebhookStatus } from "../../events/webhook-transactions.ts";
import { createFilesApp, type FilesApp } from "../../http/routes/files/testing/files-app.ts";
import { describeEngines } from "../../testing/engines.ts";

const secret = "whsec_secret-for-tests";

describeEngines((engine) => {
  let app: FilesApp;
  let events: EventContext | undefined;

  beforeEach(async () => {
    app = await createFilesApp(engine);
    await app.openQueue();
    events = undefined;
  });
  afterEach(() => app.close());

  /** Adds an endpoint, and sets the event context that the account's transactions get from then on. */
  async function subscribe(types: EventContext["routes"][number]["types"]): Promise<string> {
    const input = { imagekitId: "demo", url: "https://example.com/hook", secret, types, now: app.now };
    const added = await app.database.run(addWebhook, input);
    const account = await findAccount(app.database.reader, { imagekit_id: "demo" });
    events = await findEventContext(app.database.reader, account?.id ?? "", "https://media.example.com");
    return "id" in added ? added.id : "";
  }

  const upload = (fields: Record<string, string> = {}) => app.upload({ fields, ...(events && { events }) });
  const details = async (fileId: string) => (await app.request("GET", `/v1/files/${fileId}/details`)).json();

  async function recorded(): Promise<Record<string, unknown>[]> {
    const rows = await app.database.reader.selectFrom("events").selectAll().orderBy("id").execute();
    return rows.map(({ id, type, payload }) => {
      const { id: told, created_at, ...event } = JSON.parse(payload);
      expect([told, event.type]).toEqual([id, type]);
      expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      return event;
    });
  }

  test("each change of a file is told of with the file as it then is", async () => {
    await subscribe(null);
    const { file_id: fileId, id: first } = await upload();
    const created = await details(fileId);
    const second = await upload();
    const overwritten = await details(fileId);
    await app.request("PATCH", `/v1/files/${fileId}/details`, { payload: { tags: ["sea"] } });
    const tagged = await details(fileId);
    await app.request("PUT", `/v1/files/${fileId}/versions/${first}/restore`);
    const restored = await details(fileId);
    await app.request("DELETE", `/v1/files/${fileId}/versions/${second.id}`);
    await app.request("PATCH", `/v1/files/${fileId}/details`, { payload: { publish: { isPublished: false } } });
    const unpublished = await details(fileId);
    await app.request("DELETE", `/v1/files/${fileId}`);
    expect(tagged).toMatchObject({ type: "file", tags: ["sea"], versionInfo: { name: "Version 2" } });
    // All events of one change have the same time, so their order is undefined.
    const [one, two, three, ...others] = await recorded();
    expect(one).toEqual({ type: "file.created", data: created });
    expect([two, three]).toEqual(
      expect.arrayContaining([
        { type: "file-version.created", data: overwritten },
        { type: "file.updated", data: overwritten },
      ]),
    );
    expect(others).toEqual([
      { type: "file.updated", data: tagged },
      { type: "file.updated", data: restored },
      { type: "file-version.deleted", data: { fileId, versionId: second.id } },
      { type: "file.updated", data: unpublished },
      { type: "file.deleted", data: { fileId } },
    ]);
  });

  test("what changes nothing, or fails, is not told of", async () => {
    await subscribe(null);
    const { file_id: fileId, id } = await upload();
    await app.request("PUT", `/v1/files/${fileId}/versions/${id}/restore`);
    await app.request("PATCH", `/v1/files/${fileId}/details`, { payload: { publish: { isPublished: true } } });
    await app.request("PATCH", `/v1/files/${fileId}/details`, { payload: { tags: 1 } });
    await app.request("DELETE", `/v1/files/${fileId}/versions/${id}`);
    await app.request("DELETE", "/v1/files/598821f949c0a938d57563bd");
    expect((await recorded()).map(({ type }) => type)).toEqual(["file.created"]);
  });

  test("an account without an endpoint records nothing, and none records types that nobody wants", async () => {
    await upload();
    expect(await recorded()).toEqual([]);
    await subscribe(["file.deleted"]);
    const { file_id: fileId } = await upload({ fileName: "b.jpg" });
    expect(await recorded()).toEqual([]);
    await app.request("DELETE", `/v1/files/${fileId}`);
    expect(await recorded()).toEqual([{ type: "file.deleted", data: { fileId } }]);
  });

  test("an endpoint that is disabled or removed is told of nothing more", async () => {
    const id = await subscribe(null);
    await app.database.run(setWebhookStatus, { id, status: "disabled" });
    const account = await findAccount(app.database.reader, { imagekit_id: "demo" });
    expect(account?.event_routes).toBeNull();
    await app.database.run(setWebhookStatus, { id, status: "enabled" });
    expect(await findEventContext(app.database.reader, account?.id ?? "", "x")).toMatchObject({
      routes: [{ endpointId: id, types: null }],
    });
    expect(await app.database.run(removeWebhook, { id })).toBe("done");
    expect(await findEventContext(app.database.reader, account?.id ?? "", "x")).toBeUndefined();
    expect(await app.database.run(removeWebhook, { id })).toBe("no webhook");
  });
});
