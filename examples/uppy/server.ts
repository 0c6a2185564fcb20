import { createServer } from "node:http";
import { toNodeListener } from "@sluice/token";
import { announce, settings } from "../shared/settings.ts";
import { createSite } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const page = new URL("page.html", import.meta.url);
const uploadTokenListener = toNodeListener(uploadToken);
const siteListener = toNodeListener(createSite(page, new URL("page.ts", import.meta.url)));

const server = createServer((request, response) => {
  const listener = request.url === "/upload-token" ? uploadTokenListener : siteListener;
  listener(request, response);
});
server.listen(settings.port, settings.host, () => announce(server.address()));
