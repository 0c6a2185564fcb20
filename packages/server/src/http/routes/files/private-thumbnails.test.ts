import { afterAll, beforeAll, expect, test } from "vitest";
import { setAccount } from "../../../accounts/account-transactions.ts";
import type { DeliverySwitches } from "../../../accounts/delivery-switches.ts";
import { readSignature, verifySignature } from "../../../delivery/url/signed-url.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, publicUrl } from "./testing/files-app.ts";

const week = 7 * 86_400_000;

describeEngines((engine) => {
  let app: FilesApp;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });
  afterAll(() => app.close());

  const thumbnails = (value: DeliverySwitches["privateThumbnails"] | null) =>
    app.database.run(setAccount, { imagekitId: "demo", changes: { delivery: { privateThumbnails: value } } });

  /** Verifies the signature as a delivery does. @returns its end in Unix milliseconds; undefined for an unsigned URL */
  function endOf(url: unknown, now = app.now): number | undefined {
    const rest = String(url).slice(String(url).indexOf("/demo/") + "/demo/".length);
    const claim = readSignature(rest);
    if (claim === undefined) return undefined;
    return (verifySignature(claim, ["private_test_demo"], now).until ?? 0) * 1000;
  }

  test("answers carry signed thumbnails of private files for a week at least, and equal ones for a day", async () => {
    const { file_id: id } = await app.upload({ fields: { fileName: "private.jpg", isPrivateFile: "true" } });
    await app.upload({ fields: { fileName: "private.jpg", isPrivateFile: "true" } });
    await app.upload({ fields: { fileName: "public.jpg" } });
    const list = () => app.request("GET", "/v1/files?name=private.jpg");
    const answers = async () => {
      const details = (await app.request("GET", `/v1/files/${id}/details`)).json();
      const [current, old] = (await app.request("GET", `/v1/files/${id}/versions`)).json();
      const patch = { payload: { tags: ["a"] } };
      const changed = (await app.request("PATCH", `/v1/files/${id}/details`, patch)).json();
      return [details, current, old, changed, ...(await list()).json()].map(({ thumbnail }) => thumbnail);
    };
    await thumbnails("unsigned");
    for (const url of await answers()) expect(endOf(url)).toBeUndefined();
    await thumbnails(null);
    const urls = await answers();
    expect(urls).toHaveLength(5);
    for (const url of urls) {
      expect(endOf(url)).toBeGreaterThanOrEqual(app.now + week);
      expect(endOf(url)).toBeLessThanOrEqual(app.now + week + 86_400_000);
    }
    expect((await list()).json()).toEqual((await list()).json());
    const listed = (await app.request("GET", "/v1/files?name=public.jpg")).json();
    expect(listed.map(({ thumbnail }: { thumbnail: string }) => endOf(thumbnail))).toEqual([undefined]);
  });

  test("events of private files carry them as well, as the switch is when the event is recorded", async () => {
    await app.openQueue();
    const { account_id: accountId } = await app.upload();
    const routes = [{ endpointId: "0123456789abcdef01234567", types: null }];
    const fields = { fileName: "told.jpg", isPrivateFile: "true" };
    const { file_id: id } = await app.upload({ fields, events: { accountId, imagekitId: "demo", publicUrl, routes } });
    const rows = await app.database.reader.selectFrom("events").select("payload").execute();
    const told = rows.map(({ payload }) => JSON.parse(payload)).find(({ data }) => data.fileId === id);
    expect(endOf(told.data.thumbnail)).toBeGreaterThanOrEqual(app.now + week);
  });
});
