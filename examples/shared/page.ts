import { upload } from "@sluice/client";

const files = document.querySelector<HTMLInputElement>("#files");
const uploads = document.querySelector("#uploads");
const { sluice: endpoint, tokens: getToken } = document.body.dataset;

files?.addEventListener("change", () => {
  for (const file of files.files ?? []) {
    const line = document.createElement("li");
    uploads?.append(line);
    const show = (text: unknown) => {
      line.textContent = `${file.name}: ${text}`;
    };
    const onProgress = ({ loaded, total }: { loaded: number; total: number }) =>
      show(`${Math.floor((100 * loaded) / total)} %`);
    upload({ file, fileName: file.name, endpoint, getToken, onProgress }).then(({ filePath }) => show(filePath), show);
  }
});
