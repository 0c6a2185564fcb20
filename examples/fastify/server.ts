import { toFastifyHandler } from "@sluice/token";
import fastify from "fastify";
import { announce, settings } from "../shared/settings.ts";
import { site } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const app = fastify();
app.all("/upload-token", toFastifyHandler(uploadToken));

// For the sign-in form alone: tokens are asked for with JSON, which Fastify reads by itself.
app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
  done(null, text);
});
app.all("/*", toFastifyHandler(site));

announce(await app.listen({ host: settings.host, port: settings.port }));
