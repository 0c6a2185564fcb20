import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallWorld, openCallWorld } from "./harness/sdk-calls.ts";

/*
 * Each method of the SDK's resources is called once against a started server. The tables are typed by the SDK's own
 * names of methods, so that none can be left out.
 */

type Method<Resource> = {
  [Name in keyof Resource]: Resource[Name] extends (...given: never[]) => unknown ? Name : never;
}[keyof Resource];

/** The promise that a method of the SDK returns. */
interface Called {
  withResponse(): Promise<{ readonly data: unknown; readonly response: Response }>;
}

interface Row {
  readonly call: (world: CallWorld<ImageKit>) => Promise<{ readonly called: Called }>;
  readonly status: number;
  /** The answer has to equal this, which may be an asymmetric matcher. */
  readonly data: unknown;
}

type Rows<Resource> = { readonly [Name in Method<Resource>]: Row };

/** The SDK's promise can't be returned from an async function, which would wait for its data. */
const called = (promise: Called) => ({ called: promise });

const id = expect.stringMatching(/^[0-9a-f]{24}$/);
const file = (type = "file") => expect.objectContaining({ fileId: id, type, filePath: expect.any(String) });
const nothing = expect.toSatisfy((data: unknown) => data === null || data === undefined || isEmpty(data));
const isEmpty = (data: unknown) => typeof data === "object" && Object.keys(data ?? {}).length === 0;
const edited = { successfullyUpdatedFileIds: [id] };

const files = {
  upload: {
    call: async ({ sdk, name }) => called(sdk.files.upload({ file: "aGVsbG8=", fileName: name() })),
    status: 200,
    data: expect.objectContaining({ fileId: id, versionInfo: { id, name: "Version 1" } }),
  },
  get: {
    call: async ({ sdk, newFile }) => called(sdk.files.get((await newFile()).fileId)),
    status: 200,
    data: file(),
  },
  update: {
    call: async ({ sdk, newFile }) => called(sdk.files.update((await newFile()).fileId, { tags: ["a"] })),
    status: 200,
    data: expect.objectContaining({ tags: ["a"] }),
  },
  delete: {
    call: async ({ sdk, newFile }) => called(sdk.files.delete((await newFile()).fileId)),
    status: 204,
    data: nothing,
  },
  copy: {
    call: async ({ sdk, newFile }) => {
      const sourceFilePath = (await newFile()).filePath;
      return called(sdk.files.copy({ sourceFilePath, destinationPath: "/copies", includeFileVersions: true }));
    },
    status: 204,
    data: nothing,
  },
  move: {
    call: async ({ sdk, newFile }) => {
      const sourceFilePath = (await newFile()).filePath;
      return called(sdk.files.move({ sourceFilePath, destinationPath: "/moved" }));
    },
    status: 204,
    data: nothing,
  },
  rename: {
    call: async ({ sdk, newFile, name }) => {
      const { filePath } = await newFile();
      return called(sdk.files.rename({ filePath, newFileName: name(), purgeCache: true }));
    },
    status: 200,
    data: { purgeRequestId: id },
  },
} as const satisfies Rows<ImageKit["files"]>;

const bulk = {
  delete: {
    call: async ({ sdk, newFile }) => called(sdk.files.bulk.delete({ fileIds: [(await newFile()).fileId] })),
    status: 200,
    data: { successfullyDeletedFileIds: [id] },
  },
  addTags: {
    call: async ({ sdk, newFile }) => {
      const fileIds = [(await newFile()).fileId];
      return called(sdk.files.bulk.addTags({ fileIds, tags: ["t-shirt"] }));
    },
    status: 200,
    data: edited,
  },
  removeTags: {
    call: async ({ sdk, newFile }) => {
      const fileIds = [(await newFile()).fileId];
      return called(sdk.files.bulk.removeTags({ fileIds, tags: ["t-shirt"] }));
    },
    status: 200,
    data: edited,
  },
  removeAITags: {
    call: async ({ sdk, newFile }) => {
      const fileIds = [(await newFile()).fileId];
      return called(sdk.files.bulk.removeAITags({ fileIds, AITags: ["t-shirt"] }));
    },
    status: 200,
    data: edited,
  },
} as const satisfies Rows<ImageKit["files"]["bulk"]>;

const versions = {
  list: {
    call: async ({ sdk, newFile }) => called(sdk.files.versions.list((await newFile(2)).fileId)),
    status: 200,
    data: [file(), file("file-version")],
  },
  get: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return called(sdk.files.versions.get(fileId, { fileId }));
    },
    status: 200,
    data: file("file-version"),
  },
  delete: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return called(sdk.files.versions.delete(fileId, { fileId }));
    },
    status: 204,
    data: nothing,
  },
  restore: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return called(sdk.files.versions.restore(fileId, { fileId }));
    },
    status: 200,
    data: file(),
  },
} as const satisfies Rows<ImageKit["files"]["versions"]>;

const metadata = {
  get: {
    call: async ({ sdk, newPicture }) => called(sdk.files.metadata.get((await newPicture()).fileId)),
    status: 200,
    data: expect.objectContaining({ width: 6, height: 4, format: "jpg" }),
  },
  getFromURL: {
    call: async ({ sdk, newPicture }) => called(sdk.files.metadata.getFromURL({ url: (await newPicture()).url })),
    status: 200,
    data: expect.objectContaining({ width: 6, height: 4, format: "jpg" }),
  },
} as const satisfies Rows<ImageKit["files"]["metadata"]>;

const assets = {
  list: {
    call: async ({ sdk, newFile }) => {
      await newFile();
      return called(sdk.assets.list({ path: "/calls", limit: 1 }));
    },
    status: 200,
    data: [file()],
  },
} as const satisfies Rows<ImageKit["assets"]>;

const folders = {
  create: {
    call: async ({ sdk, name }) => called(sdk.folders.create({ folderName: name(), parentFolderPath: "/made" })),
    status: 201,
    data: nothing,
  },
  delete: {
    call: async ({ sdk, newFolder }) => called(sdk.folders.delete({ folderPath: await newFolder() })),
    status: 204,
    data: nothing,
  },
  copy: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      return called(sdk.folders.copy({ sourceFolderPath, destinationPath: "/copies", includeVersions: true }));
    },
    status: 200,
    data: { jobId: id },
  },
  move: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      return called(sdk.folders.move({ sourceFolderPath, destinationPath: "/moved" }));
    },
    status: 200,
    data: { jobId: id },
  },
  rename: {
    call: async ({ sdk, newFolder, name }) => {
      const folderPath = await newFolder();
      return called(sdk.folders.rename({ folderPath, newFolderName: name().replace(".", "_"), purgeCache: false }));
    },
    status: 202,
    data: { jobId: id },
  },
} as const satisfies Rows<ImageKit["folders"]>;

const job = {
  get: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      const { jobId } = await sdk.folders.copy({ sourceFolderPath, destinationPath: "/job" });
      return called(sdk.folders.job.get(jobId));
    },
    status: 200,
    data: expect.objectContaining({
      jobId: id,
      type: "COPY_FOLDER",
      status: expect.stringMatching(/Pending|Completed/),
    }),
  },
} as const satisfies Rows<ImageKit["folders"]["job"]>;

const invalidation = {
  create: {
    call: async ({ sdk, newFile }) => called(sdk.cache.invalidation.create({ url: (await newFile()).url })),
    status: 201,
    data: { requestId: id },
  },
  get: {
    call: async ({ sdk, newFile }) => {
      const { requestId = "" } = await sdk.cache.invalidation.create({ url: (await newFile()).url });
      return called(sdk.cache.invalidation.get(requestId));
    },
    status: 200,
    data: { status: "Completed" },
  },
} as const satisfies Rows<ImageKit["cache"]["invalidation"]>;

const field = expect.objectContaining({ id, schema: expect.objectContaining({ type: "Number" }) });
const newField = (name: string) => ({ name, label: name, schema: { type: "Number" as const } });

const customMetadataFields = {
  create: {
    call: async ({ sdk, name }) => called(sdk.customMetadataFields.create(newField(name()))),
    status: 201,
    data: field,
  },
  list: {
    call: async ({ sdk, name }) => {
      await sdk.customMetadataFields.create(newField(name()));
      return called(sdk.customMetadataFields.list({ includeDeleted: true }));
    },
    status: 200,
    data: expect.arrayContaining([field]),
  },
  update: {
    call: async ({ sdk, name }) => {
      const made = await sdk.customMetadataFields.create(newField(name()));
      return called(sdk.customMetadataFields.update(made.id, { label: name() }));
    },
    status: 200,
    data: field,
  },
  delete: {
    call: async ({ sdk, name }) => {
      const made = await sdk.customMetadataFields.create(newField(name()));
      return called(sdk.customMetadataFields.delete(made.id));
    },
    status: 204,
    data: nothing,
  },
} as const satisfies Rows<ImageKit["customMetadataFields"]>;

const saved = expect.objectContaining({ id: expect.stringMatching(/^ext_/), description: "Tags" });
const newSaved = (name: string) => {
  const config = { name: "google-auto-tagging" as const, maxTags: 5, minConfidence: 90 };
  return { name, description: "Tags", config };
};

const savedExtensions = {
  create: {
    call: async ({ sdk, name }) => called(sdk.savedExtensions.create(newSaved(name()))),
    status: 201,
    data: saved,
  },
  list: {
    call: async ({ sdk, name }) => {
      await sdk.savedExtensions.create(newSaved(name()));
      return called(sdk.savedExtensions.list());
    },
    status: 200,
    data: expect.arrayContaining([saved]),
  },
  get: {
    call: async ({ sdk, name }) => {
      const made = await sdk.savedExtensions.create(newSaved(name()));
      return called(sdk.savedExtensions.get(made.id ?? ""));
    },
    status: 200,
    data: saved,
  },
  update: {
    call: async ({ sdk, name }) => {
      const made = await sdk.savedExtensions.create(newSaved(name()));
      return called(sdk.savedExtensions.update(made.id ?? "", { name: name() }));
    },
    status: 200,
    data: saved,
  },
  delete: {
    call: async ({ sdk, name }) => {
      const made = await sdk.savedExtensions.create(newSaved(name()));
      return called(sdk.savedExtensions.delete(made.id ?? ""));
    },
    status: 204,
    data: nothing,
  },
} as const satisfies Rows<ImageKit["savedExtensions"]>;

const prefixOf = (name: string) => name.replaceAll(/[^A-Za-z0-9]/g, "-");
const newEndpoint = (name: string) => ({ description: "Shop", urlPrefix: prefixOf(name) });
const endpoint = expect.objectContaining({ id, description: "Shop", origins: [] });

const urlEndpoints = {
  list: {
    call: async ({ sdk, name }) => {
      await sdk.accounts.urlEndpoints.create(newEndpoint(name()));
      return called(sdk.accounts.urlEndpoints.list());
    },
    status: 200,
    data: expect.arrayContaining([expect.objectContaining({ id: "default", urlPrefix: "" }), endpoint]),
  },
  create: {
    call: async ({ sdk, name }) => {
      const urlRewriter = { type: "CLOUDINARY" as const };
      return called(sdk.accounts.urlEndpoints.create({ ...newEndpoint(name()), urlRewriter }));
    },
    status: 201,
    data: expect.objectContaining({
      ...{ id, description: "Shop", origins: [] },
      urlRewriter: { type: "CLOUDINARY", preserveAssetDeliveryTypes: false },
    }),
  },
  get: {
    call: async ({ sdk, name }) => {
      const made = await sdk.accounts.urlEndpoints.create(newEndpoint(name()));
      return called(sdk.accounts.urlEndpoints.get(made.id));
    },
    status: 200,
    data: endpoint,
  },
  update: {
    call: async ({ sdk, name }) => {
      const made = await sdk.accounts.urlEndpoints.create(newEndpoint(name()));
      return called(sdk.accounts.urlEndpoints.update(made.id, newEndpoint(name())));
    },
    status: 200,
    data: endpoint,
  },
  delete: {
    call: async ({ sdk, name }) => {
      const made = await sdk.accounts.urlEndpoints.create(newEndpoint(name()));
      return called(sdk.accounts.urlEndpoints.delete(made.id));
    },
    status: 204,
    data: nothing,
  },
} as const satisfies Rows<ImageKit["accounts"]["urlEndpoints"]>;

const days = { startDate: "2026-01-01", endDate: "2026-01-02" };

const usage = {
  get: {
    call: async ({ sdk }) => called(sdk.accounts.usage.get(days)),
    status: 200,
    data: expect.objectContaining({ bandwidthBytes: 0, mediaLibraryStorageBytes: 0, extensionUnitsCount: 0 }),
  },
} as const satisfies Rows<ImageKit["accounts"]["usage"]>;

const usageAnalytics = {
  get: {
    call: async ({ sdk }) => called(sdk.accounts.usageAnalytics.get(days)),
    status: 200,
    data: expect.objectContaining({ ...days, requestCount: 0, statusCodes: [], videoProcessing: [] }),
  },
} as const satisfies Rows<ImageKit["accounts"]["usageAnalytics"]>;
const webFolder = { type: "WEB_FOLDER", name: "Web", baseUrl: "https://www.example.com/" } as const;
const origin = expect.objectContaining({ ...webFolder, id, includeCanonicalHeader: false });

const origins = {
  list: {
    call: async ({ sdk }) => {
      await sdk.accounts.origins.create(webFolder);
      return called(sdk.accounts.origins.list());
    },
    status: 200,
    data: expect.arrayContaining([origin]),
  },
  create: { call: async ({ sdk }) => called(sdk.accounts.origins.create(webFolder)), status: 201, data: origin },
  get: {
    call: async ({ sdk }) => called(sdk.accounts.origins.get((await sdk.accounts.origins.create(webFolder)).id)),
    status: 200,
    data: origin,
  },
  update: {
    call: async ({ sdk }) => {
      const { id: made } = await sdk.accounts.origins.create({ type: "WEB_PROXY", name: "Proxy" });
      return called(sdk.accounts.origins.update(made, webFolder));
    },
    status: 200,
    data: origin,
  },
  delete: {
    call: async ({ sdk }) => called(sdk.accounts.origins.delete((await sdk.accounts.origins.create(webFolder)).id)),
    status: 204,
    data: nothing,
  },
} as const satisfies Rows<ImageKit["accounts"]["origins"]>;

const tables = {
  files,
  "files.bulk": bulk,
  "files.versions": versions,
  "files.metadata": metadata,
  assets,
  folders,
  "folders.job": job,
  "cache.invalidation": invalidation,
  customMetadataFields,
  savedExtensions,
  "accounts.urlEndpoints": urlEndpoints,
  "accounts.usage": usage,
  "accounts.usageAnalytics": usageAnalytics,
  "accounts.origins": origins,
} as const;

let world: CallWorld<ImageKit>;
beforeAll(async () => {
  world = await openCallWorld((url, privateKey) => new ImageKit({ privateKey, baseURL: url, maxRetries: 0 }));
});
afterAll(() => world?.close());

describe.each(Object.entries<Readonly<Record<string, Row>>>(tables))("client.%s", (_name, table) => {
  test.each(Object.entries(table))("%s", async (_method, row) => {
    const { called: promise } = await row.call(world);
    const { data, response } = await promise.withResponse();
    expect([response.status, data]).toEqual([row.status, row.data]);
  });
});
