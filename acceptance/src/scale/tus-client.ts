import { createReadStream } from "node:fs";
import * as tus from "tus-js-client";

// A client that may be killed at any time, as a tab may: `tus-client.ts <file> <endpoint> <metadata> <storage>`. It goes
// on with the session that the storage remembers, and prints the session's URL once the upload has ended.

const [file = "", endpoint = "", metadata = "{}", storage = ""] = process.argv.slice(2);

/** The package's types describe its browser half alone. */
const { FileUrlStorage } = tus as unknown as { readonly FileUrlStorage: new (path: string) => tus.UrlStorage };

const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  metadata: JSON.parse(metadata),
  retryDelays: Array.from({ length: 100 }, () => 300),
  urlStorage: new FileUrlStorage(storage),
  // The session's URL names the server, and the client is to stay behind the proxy.
  onUploadUrlAvailable() {
    upload.url = new URL(new URL(upload.url ?? "").pathname, endpoint).href;
  },
  onError(error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
  onSuccess() {
    process.stdout.write(`${upload.url}\n`);
  },
});
const [previous] = await upload.findPreviousUploads();
if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
upload.start();
