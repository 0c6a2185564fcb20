import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { announce, settings } from "../shared/settings.ts";
import { site } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const app = new Hono();
app.all("/upload-token", (context) => uploadToken(context.req.raw));
app.all("*", (context) => site(context.req.raw));

serve({ fetch: app.fetch, hostname: settings.host, port: settings.port }, announce);
