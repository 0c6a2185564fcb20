import { describeBlobStore } from "../testing/blob-store-conformance.ts";
import { describePartialBlobs } from "../testing/partial-blobs-conformance.ts";
import { describeOnS3 } from "../testing/s3-service.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

// What faults of the service do is in the soak: `s3-faults.soak.ts`.
describeOnS3("S3", (storage) => {
  describeBlobStore("S3", async () => ({ store: await openS3BlobStore(storage()), cleanUp: async () => undefined }));

  describePartialBlobs("S3", async () => {
    const place = storage();
    const reopen = () => openS3BlobStore(place);
    return { store: await reopen(), reopen, cleanUp: async () => undefined };
  });
});
