import Uppy, { type Body, type Meta } from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import { resumeToSluice } from "./sluice-resumable.ts";

const { sluice = "", tokens = "", user = "" } = document.body.dataset;
const uploads = document.querySelector("#uploads");

// Another user of this browser doesn't go on with this one's uploads.
const uppy = new Uppy<Meta, Body>({ id: `sluice-${user}` });
uppy.use(Dashboard, {
  inline: true,
  target: "#dashboard",
  width: "100%",
  theme: "auto",
  showLinkToFileUploadResult: true,
});
resumeToSluice(uppy, { sluiceUrl: sluice, tokenUrl: tokens });

uppy.on("complete", ({ successful = [] }) => {
  for (const { response } of successful) {
    const line = document.createElement("li");
    line.textContent = String(response?.body?.filePath);
    uploads?.append(line);
  }
});
