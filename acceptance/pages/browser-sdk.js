// Uploads with the vendor's browser SDK as its readme shows it: a backend signs, the form goes straight to the server.

import { upload } from "/imagekit-javascript.js";

const settings = new URLSearchParams(location.search);
const server = settings.get("server");
const transformation = settings.get("transformation");

/** The SDK's host is a constant; the request that it is given to use goes elsewhere. */
class RequestToServer extends XMLHttpRequest {
  open(method, url, ...rest) {
    super.open(method, url.replace("https://upload.imagekit.io", server), ...rest);
  }
}

const element = (id) => document.getElementById(id);
let signed;

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  signed = await (await fetch(settings.get("backend"))).json();
  await send();
});

element("again").addEventListener("click", send);

async function send() {
  element("error").textContent = "";
  const [file] = element("file").files;
  try {
    const answer = await upload({
      file,
      fileName: file.name,
      folder: element("folder").value || undefined,
      tags: ["from", "the SDK"],
      responseFields: ["tags"],
      publicKey: settings.get("publicKey"),
      ...signed,
      onProgress: ({ loaded, total }) => {
        element("progress").value = loaded / total;
      },
      ...(transformation ? { transformation: JSON.parse(transformation) } : {}),
      ...(server ? { xhr: new RequestToServer() } : {}),
    });
    element("picture").src = answer.url;
    element("picture").hidden = false;
    element("request").textContent = answer.$ResponseMetadata.requestId;
  } catch (error) {
    element("error").textContent = `${error.constructor.name}: ${error.message}`;
  }
  element("again").disabled = false;
}
