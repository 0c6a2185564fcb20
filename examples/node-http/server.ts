import { createServer } from "node:http";
import { toNodeListener } from "@sluice/token";
import { announce, settings } from "../shared/settings.ts";
import { createSite } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";
import { formPage } from "./form.ts";

const routes = new Map([
  ["/upload-token", toNodeListener(uploadToken)],
  ["/form", toNodeListener(formPage)],
]);
const shared = (path: string): URL => new URL(`../shared/${path}`, import.meta.url);
const rest = toNodeListener(
  createSite({
    page: shared("page.html"),
    script: shared("page.ts"),
    links: [["/form", "A form without any script"]],
  }),
);

const server = createServer((request, response) => {
  const listener = routes.get(request.url ?? "") ?? rest;
  listener(request, response);
});
server.listen(settings.port, settings.host, () => announce(server.address()));
