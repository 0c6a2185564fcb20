import { createServer } from "node:http";
import { toNodeListener } from "@sluice/token";
import { announce, settings } from "../shared/settings.ts";
import { site } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";
import { formPage } from "./form.ts";

const routes = new Map([
  ["/upload-token", toNodeListener(uploadToken)],
  ["/form", toNodeListener(formPage)],
]);
const rest = toNodeListener(site);

const server = createServer((request, response) => {
  const listener = routes.get(request.url ?? "") ?? rest;
  listener(request, response);
});
server.listen(settings.port, settings.host, () => announce(server.address()));
