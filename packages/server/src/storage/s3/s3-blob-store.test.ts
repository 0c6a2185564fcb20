import { describeBlobStore } from "../testing/blob-store-conformance.ts";
import { describeOnS3 } from "../testing/s3-service.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

describeOnS3("S3", (storage) => {
  describeBlobStore("S3", async () => ({ store: await openS3BlobStore(storage()), cleanUp: async () => undefined }));
});
