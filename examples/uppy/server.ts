import { createServer } from "node:http";
import { toNodeListener } from "@sluice/token";
import { announce, settings } from "../shared/settings.ts";
import { createSite, servePage, serveScript, serveStyles } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const here = (path: string): URL => new URL(path, import.meta.url);

const uploadTokenListener = toNodeListener(uploadToken);
const links = [
  ["/", "In forms"],
  ["/dashboard", "Resumable"],
] as const;
const siteListener = toNodeListener(
  createSite({
    page: here("page.html"),
    script: here("page.ts"),
    links,
    others: {
      "GET /dashboard": servePage(here("dashboard.html"), links),
      "GET /dashboard.js": serveScript(here("dashboard.ts")),
      "GET /dashboard.css": serveStyles("@uppy/core/css/style.min.css", "@uppy/dashboard/css/style.min.css"),
    },
  }),
);

const server = createServer((request, response) => {
  const listener = request.url === "/upload-token" ? uploadTokenListener : siteListener;
  listener(request, response);
});
server.listen(settings.port, settings.host, () => announce(server.address()));
