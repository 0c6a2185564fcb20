import { createServer } from "node:http";
import { toNodeListener } from "@sluice/token";
import { announce, settings } from "../shared/settings.ts";
import { site } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const uploadTokenListener = toNodeListener(uploadToken);
const siteListener = toNodeListener(site);

const server = createServer((request, response) => {
  (request.url === "/upload-token" ? uploadTokenListener : siteListener)(request, response);
});
server.listen(settings.port, settings.host, () => announce(server.address()));
