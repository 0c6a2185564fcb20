import { toNodeListener } from "@sluice/token";
import express from "express";
import { announce, settings } from "../shared/settings.ts";
import { site } from "../shared/site.ts";
import { uploadToken } from "../shared/upload-token.ts";

const app = express();
app.use(express.json()); // may stand before the route, or not be there
app.all("/upload-token", toNodeListener(uploadToken));
app.use(toNodeListener(site));

const server = app.listen(settings.port, settings.host, () => announce(server.address()));
