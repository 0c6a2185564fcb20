import Uppy, { type Body, type Meta } from "@uppy/core";
import { resumeToSluice } from "../../../../examples/uppy/sluice-resumable.ts";
import { onFile, pageUpload } from "./upload-page.ts";

// Uppy with its Tus plugin, as examples/uppy uses it.

const { sluice, fields } = pageUpload();
const uppy = new Uppy<Meta, Body>({ id: "ordeal", autoProceed: true });
resumeToSluice(uppy, { sluiceUrl: sluice, tokenUrl: "/token", parametersOf: () => fields });

let session = "";
uppy.on("upload-success", (_file, { uploadURL }) => {
  session = String(uploadURL);
});
uppy.on("complete", ({ failed }) => void window.ended(session, failed?.[0]?.error ?? undefined));
onFile((file) => void uppy.addFile(file));
