import Uppy, { type Body, type Meta, type UppyFile } from "@uppy/core";
import { uploadToSluice } from "./sluice-upload.ts";

const { sluice = "", tokens = "" } = document.body.dataset;
const files = document.querySelector<HTMLInputElement>("#files");
const uploads = document.querySelector("#uploads");

const uppy = new Uppy<Meta, Body>({ autoProceed: true });
uploadToSluice(uppy, { sluiceUrl: sluice, tokenUrl: tokens });

files?.addEventListener("change", () => {
  uppy.addFiles(Array.from(files.files ?? [], (data) => ({ name: data.name, type: data.type, data })));
});

const lines = new Map<string, HTMLElement>();
uppy.on("file-added", ({ id, name }) => {
  const line = document.createElement("li");
  lines.set(id, line);
  line.textContent = `${name} …`;
  uploads?.append(line);
});
uppy.on("upload-progress", (file, { bytesUploaded, bytesTotal }) => {
  if (bytesTotal) show(file, `${file?.name} ${Math.floor((100 * bytesUploaded) / bytesTotal)} %`);
});
uppy.on("upload-success", (file, { body }) => show(file, String(body?.filePath)));
uppy.on("upload-error", (file, { message }) => {
  const retry = document.createElement("button");
  retry.textContent = "Retry";
  retry.addEventListener("click", () => file && uppy.retryUpload(file.id));
  show(file, `${file?.name}: ${message} `, retry);
});

function show(file: UppyFile<Meta, Body> | undefined, ...content: (string | Node)[]): void {
  lines.get(file?.id ?? "")?.replaceChildren(...content);
}
