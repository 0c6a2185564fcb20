import ImageKit from "imagekit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallWorld, openCallWorld } from "./harness/sdk-calls.ts";
import { sendV6To } from "./harness/sdk-v6-host.ts";
import { keys } from "./harness/server.ts";

/*
 * Each method of the SDK v6 that calls the API is called once against a started server. The table is typed by the SDK's
 * own names of methods, so that none can be left out.
 */

/** Methods that send nothing. */
type Local = "url" | "getAuthenticationParameters" | "pHashDistance" | "verifyWebhookEvent";

type Method = {
  [Name in keyof ImageKit]: ImageKit[Name] extends (...given: never[]) => unknown ? Name : never;
}[keyof ImageKit];

interface Row {
  readonly call: (world: CallWorld<ImageKit>) => Promise<unknown>;
  readonly status: number;
  readonly data: unknown;
}

const id = expect.stringMatching(/^[0-9a-f]{24}$/);
const file = expect.objectContaining({ fileId: id, type: "file" });
const version = expect.objectContaining({ fileId: id, type: "file-version" });
const anything = expect.anything();
const edited = expect.objectContaining({ successfullyUpdatedFileIds: [id] });
const jobId = expect.objectContaining({ jobId: id });
const newField = (name: string) => ({ name, label: name, schema: { type: "Number" as const } });

const calls = {
  upload: {
    call: ({ sdk, name }) => sdk.upload({ file: "aGVsbG8=", fileName: name() }),
    status: 200,
    data: expect.objectContaining({ fileId: id }),
  },
  listFiles: {
    call: async ({ sdk, newFile }) => {
      await newFile();
      return sdk.listFiles({ path: "calls", limit: 1, skip: 0 });
    },
    status: 200,
    data: [file],
  },
  getFileDetails: {
    call: async ({ sdk, newFile }) => sdk.getFileDetails((await newFile()).fileId),
    status: 200,
    data: file,
  },
  getFileVersions: {
    call: async ({ sdk, newFile }) => sdk.getFileVersions((await newFile(2)).fileId),
    status: 200,
    data: [file, version],
  },
  getFileVersionDetails: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return sdk.getFileVersionDetails({ fileId, versionId: fileId });
    },
    status: 200,
    data: version,
  },
  getFileMetadata: {
    call: async ({ sdk, newPicture }) => sdk.getFileMetadata((await newPicture()).fileId),
    status: 200,
    data: expect.objectContaining({ width: 6, height: 4 }),
  },
  updateFileDetails: {
    call: async ({ sdk, newFile }) => sdk.updateFileDetails((await newFile()).fileId, { tags: ["a"] }),
    status: 200,
    data: expect.objectContaining({ tags: ["a"] }),
  },
  bulkAddTags: {
    call: async ({ sdk, newFile }) => sdk.bulkAddTags([(await newFile()).fileId], ["a"]),
    status: 200,
    data: edited,
  },
  bulkRemoveTags: {
    call: async ({ sdk, newFile }) => sdk.bulkRemoveTags([(await newFile()).fileId], ["a"]),
    status: 200,
    data: edited,
  },
  bulkRemoveAITags: {
    call: async ({ sdk, newFile }) => sdk.bulkRemoveAITags([(await newFile()).fileId], ["a"]),
    status: 200,
    data: edited,
  },
  deleteFile: {
    call: async ({ sdk, newFile }) => sdk.deleteFile((await newFile()).fileId),
    status: 204,
    data: anything,
  },
  deleteFileVersion: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return sdk.deleteFileVersion({ fileId, versionId: fileId });
    },
    status: 204,
    data: anything,
  },
  restoreFileVersion: {
    call: async ({ sdk, newFile }) => {
      const { fileId } = await newFile(2);
      return sdk.restoreFileVersion({ fileId, versionId: fileId });
    },
    status: 200,
    data: file,
  },
  purgeCache: {
    call: async ({ sdk, newFile }) => sdk.purgeCache((await newFile()).url),
    status: 201,
    data: expect.objectContaining({ requestId: id }),
  },
  getPurgeCacheStatus: {
    call: async ({ sdk, newFile }) => {
      const { requestId } = await sdk.purgeCache((await newFile()).url);
      return sdk.getPurgeCacheStatus(requestId);
    },
    status: 200,
    data: expect.objectContaining({ status: "Completed" }),
  },
  bulkDeleteFiles: {
    call: async ({ sdk, newFile }) => sdk.bulkDeleteFiles([(await newFile()).fileId]),
    status: 200,
    data: expect.objectContaining({ successfullyDeletedFileIds: [id] }),
  },
  copyFile: {
    call: async ({ sdk, newFile }) => {
      const sourceFilePath = (await newFile()).filePath;
      return sdk.copyFile({ sourceFilePath, destinationPath: "/copies/", includeFileVersions: true });
    },
    status: 204,
    data: anything,
  },
  moveFile: {
    call: async ({ sdk, newFile }) => {
      const sourceFilePath = (await newFile()).filePath;
      return sdk.moveFile({ sourceFilePath, destinationPath: "/moved/" });
    },
    status: 204,
    data: anything,
  },
  renameFile: {
    call: async ({ sdk, newFile, name }) => {
      const { filePath } = await newFile();
      return sdk.renameFile({ filePath, newFileName: name(), purgeCache: true });
    },
    status: 200,
    data: expect.objectContaining({ purgeRequestId: id }),
  },
  createFolder: {
    call: ({ sdk }) => sdk.createFolder({ folderName: "made", parentFolderPath: "/" }),
    status: 201,
    data: anything,
  },
  deleteFolder: {
    call: async ({ sdk, newFolder }) => sdk.deleteFolder(await newFolder()),
    status: 204,
    data: anything,
  },
  copyFolder: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      return sdk.copyFolder({ sourceFolderPath, destinationPath: "/copied", includeFileVersions: true });
    },
    status: 200,
    data: jobId,
  },
  moveFolder: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      return sdk.moveFolder({ sourceFolderPath, destinationPath: "/carried" });
    },
    status: 200,
    data: jobId,
  },
  getBulkJobStatus: {
    call: async ({ sdk, newFolder }) => {
      const sourceFolderPath = await newFolder();
      const job = await sdk.copyFolder({ sourceFolderPath, destinationPath: "/job", includeFileVersions: false });
      return sdk.getBulkJobStatus(job.jobId);
    },
    status: 200,
    data: expect.objectContaining({ type: "COPY_FOLDER" }),
  },
  createCustomMetadataField: {
    call: ({ sdk, name }) => sdk.createCustomMetadataField(newField(name())),
    status: 201,
    data: expect.objectContaining({ id }),
  },
  getCustomMetadataFields: {
    call: ({ sdk }) => sdk.getCustomMetadataFields({ includeDeleted: true }),
    status: 200,
    data: expect.any(Array),
  },
  updateCustomMetadataField: {
    call: async ({ sdk, name }) => {
      const made = await sdk.createCustomMetadataField(newField(name()));
      return sdk.updateCustomMetadataField(made.id, { label: name() });
    },
    status: 200,
    data: expect.objectContaining({ id }),
  },
  deleteCustomMetadataField: {
    call: async ({ sdk, name }) => {
      const made = await sdk.createCustomMetadataField(newField(name()));
      return sdk.deleteCustomMetadataField(made.id);
    },
    status: 204,
    data: anything,
  },
} as const satisfies { readonly [Name in Exclude<Method, Local>]: Row };

let world: CallWorld<ImageKit>;
let restore = () => {};
beforeAll(async () => {
  world = await openCallWorld((url) => {
    restore = sendV6To(url);
    return new ImageKit({ ...keys, urlEndpoint: `${url}/demo`, uploadEndpoint: `${url}/api/v1/files/upload` });
  });
});
afterAll(async () => {
  restore();
  await world?.close();
});

test.each(Object.entries<Row>(calls))("imagekit.%s", async (_method, row) => {
  const answer = (await row.call(world)) as { readonly $ResponseMetadata: { readonly statusCode: number } };
  expect(answer).toEqual(row.data);
  expect(answer.$ResponseMetadata.statusCode).toBe(row.status);
});
