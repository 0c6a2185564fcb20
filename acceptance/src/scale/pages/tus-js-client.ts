import { Upload } from "tus-js-client";
import { onFile, pageUpload } from "./upload-page.ts";

// tus-js-client, as docs/resumable-uploads.md shows it.

const { sluice, fields } = pageUpload();

onFile(async (file) => {
  const { token } = await (await fetch("/token", { method: "POST" })).json();
  const upload = new Upload(file, {
    endpoint: `${sluice}/_sluice/resumable`,
    metadata: { ...fields, token },
    retryDelays: [0, 1000, 3000, 5000, 10000],
    removeFingerprintOnSuccess: true,
    onSuccess: () => void window.ended(String(upload.url)),
    onError: ({ message }) => void window.ended("", message),
  });
  const [previous] = await upload.findPreviousUploads();
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
});
