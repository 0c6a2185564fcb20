import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { signInToConsole } from "./harness/console.ts";
import { call } from "./harness/media-api.ts";
import { openSampleRunner, type SampleAnswer, type SampleRunner } from "./harness/reference/run-sample.ts";
import { openShownDocument, type ShownSamples } from "./harness/reference/shown-document.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

// Every code sample of the API's page runs exactly as it is shown, on a server that was just started.

type Variables = Record<string, string>;

let browser: Browser;
let runner: SampleRunner;
let receiver: WebhookReceiver;
beforeAll(async () => {
  browser = await launchBrowser();
  runner = await openSampleRunner();
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await receiver?.close();
  await runner?.close();
  await browser?.close();
});

/** A walk through the API in which each sample finds what it needs. */
async function walk(server: RunningServer, samples: ShownSamples, label: string): Promise<Set<string>> {
  const run = { curl: runner.shell, "curl with a token": runner.shell, JavaScript: runner.javascript }[label];
  const variables: Variables = { PRIVATE_KEY: keys.privateKey };
  const ran = new Set<string>();

  async function answerTo(id: string, more: Variables = {}, named = label): Promise<SampleAnswer> {
    Object.assign(variables, more);
    const source = samples.get(id)?.find((one) => one.label === named)?.source;
    if (source === undefined || run === undefined) throw new Error(`${id} has no sample ${named}`);
    const answer = await run(source, variables);
    expect({ id, ...answer }, source).toMatchObject({ status: expect.toSatisfy((status: number) => status < 400) });
    ran.add(id);
    return answer;
  }

  /** Runs an operation's sample. @returns the body of the answer */
  const sample = async (id: string, more?: Variables): Promise<SampleAnswer["body"]> => (await answerTo(id, more)).body;

  const api = (method: string, path: string, body?: unknown) => call(server.url, method, path, { body });
  const jobEnds = (jobId: string) =>
    expect.poll(async () => (await api("GET", `/v1/bulkJobs/${jobId}`)).body.status).toBe("Completed");

  const first = await sample("upload-file-v2");
  const second = await sample("upload-file-v2");
  expect(second.fileId).toBe(first.fileId);
  const file = { FILE_ID: first.fileId, FILE_URL: first.url, VERSION_ID: first.versionInfo.id };
  await sample("list-and-search-assets", file).then((found) =>
    expect(found).toMatchObject([{ tags: ["red", "balloon"] }]),
  );
  for (const id of [
    "list-marks",
    "list-tags",
    "get-file-details",
    "update-file-details",
    "get-uploaded-file-metadata",
  ]) {
    await sample(id);
  }
  for (const id of ["get-metadata-from-url", "deliver-file", "list-file-versions", "get-file-version-details"]) {
    await sample(id);
  }
  await sample("restore-file-version");
  await sample("delete-file-version", { VERSION_ID: second.versionInfo.id });
  const shown = { fileName: "balloon.jpg", useUniqueFileName: "false", tags: "red,balloon" };
  const described = { description: "A red balloon", responseFields: "tags,metadata" };
  variables.TOKEN = mint({ ...shown, ...described });
  if (label === "curl") await answerTo("upload-file-v2", {}, "curl with a token");
  await sample("ask-upload-outcome");
  await sample("upload-file");

  const { location = "" } = await answerTo("create-resumable-upload");
  await sample("send-piece", { SESSION: location.split("/").at(-1) ?? "" });
  expect(await sample("get-resumable-upload")).toEqual({ offset: 5, length: 10 });
  await sample("call-resumable-upload");
  expect(await sample("get-resumable-upload")).toMatchObject({ size: 10 });
  await sample("delete-resumable-upload");

  for (const id of ["copy-file", "move-file", "rename-file", "add-tags-bulk", "remove-tags-bulk"]) await sample(id);
  for (const id of ["remove-ai-tags-bulk", "create-zip-download", "sign-urls"]) await sample(id);
  await sample("make-previews", { VERSION_ID: (await sample("get-file-details")).versionInfo.id });

  await sample("create-folder");
  await api("POST", "/v1/folder", { folderName: "into", parentFolderPath: "/folders" });
  for (const id of ["copy-folder", "rename-folder", "move-folder"]) {
    const { jobId } = await sample(id);
    await jobEnds(jobId);
    await sample("bulk-job-status", { JOB_ID: jobId });
  }
  await sample("delete-folder");

  await sample("delete-multiple-files");
  await sample("list-trash");
  await sample("get-trashed-thumbnail");
  await sample("restore-from-trash");
  await sample("delete-file");
  await sample("empty-trash");
  await sample("sweep-contents");

  const kept = {
    field: ["create-new-field", "list-all-fields", "update-existing-field", "delete-a-field"],
    transformation: [
      ...["create-named-transformation", "list-named-transformations", "get-named-transformation"],
      ...["update-named-transformation", "delete-named-transformation"],
    ],
    extension: ["create-extension", "list-extensions", "get-extension", "update-extension", "delete-extension"],
    endpoint: [
      ...["create-url-endpoint", "list-url-endpoints", "get-url-endpoint"],
      ...["update-url-endpoint", "delete-url-endpoint"],
    ],
    origin: ["create-origin", "list-origins", "get-origin", "update-origin", "delete-origin"],
  };
  for (const [create = "", ...others] of Object.values(kept)) {
    variables.ID = (await sample(create)).id;
    for (const id of others) await sample(id);
  }

  for (const id of ["get-usage", "get-usage-analytics", "get-daily-usage", "list-key-pairs"]) await sample(id);
  const pair = await sample("create-key-pair");
  const next = await sample("rotate-key-pair", { ID: pair.id });
  await sample("revoke-key-pair", { ID: next.id });
  for (const id of ["get-delivery-switches", "change-delivery-switches", "list-refusals"]) await sample(id);
  await sample("check-token", { TOKEN: mint({ fileName: "balloon.jpg", folder: "/party" }) });

  const hook = await sample("create-webhook-endpoint");
  await sample("list-webhook-endpoints", { ID: hook.id });
  await sample("change-webhook-endpoint");
  await sample("test-webhook-endpoint");
  const { attempts } = await sample("list-webhook-attempts");
  await sample("get-webhook-attempt", { ID: attempts[0].id });
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0);
  await sample("replay-webhook-event", { ID: hook.id, EVENT_ID: receiver.received.at(-1)?.event.id });
  await sample("delete-webhook-endpoint");
  for (const id of ["list-jobs", "count-jobs", "retry-jobs"]) await sample(id);

  const { requestId } = await sample("purge-cache");
  await sample("purge-status", { REQUEST_ID: requestId });
  const { body: signedIn } = await signInToConsole(server.url);
  await sample("list-console-sessions");
  await sample("end-console-session", { ID: signedIn.session.id });
  for (const id of ["get-health", "get-liveness", "get-health-report", "get-metrics", "get-landing-page"]) {
    await sample(id);
  }
  for (const id of ["get-openapi", "get-documentation", "get-api-reference", "get-client", "get-console"]) {
    await sample(id);
  }
  await sample("get-demo-page");
  return ran;
}

test.each(["curl", "JavaScript"])("every sample in %s runs as it is shown", { timeout: 180_000 }, async (label) => {
  const flags = ["--allow-private-networks", "--trash-days", "7", "--webhook-url", receiver.url];
  const server = await startServer({ flags });
  try {
    const page = await browser.newPage();
    const samples = await openShownDocument(page, server.url);
    const ran = await walk(server, samples, label);
    const withSample = [...samples].filter(([, shown]) => shown.some((one) => one.label === label));
    expect(withSample.map(([id]) => id).filter((id) => !ran.has(id))).toEqual([]);
    // The page draws that text, and offers no other code.
    const [drawn] = samples.get("upload-file-v2") ?? [];
    const shown = page.locator("pre").filter({ hasText: "/api/v2/files/upload" }).first();
    expect((await shown.textContent())?.replaceAll(/\s/g, "")).toBe(drawn?.source.replaceAll(/\s/g, ""));
    await page.close();
  } finally {
    await server.stop();
  }
});
