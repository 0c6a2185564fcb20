import { parseArgs } from "node:util";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { serve } from "./serve.ts";

// The tus server as its README sets it up: no fsync, no authentication, no database.

const { values } = parseArgs({ options: { "data-dir": { type: "string" } } });
const tus = new Server({ path: "/files", datastore: new FileStore({ directory: values["data-dir"] ?? "." }) });

serve((request, response) => void tus.handle(request, response));
