import { parseArgs } from "node:util";
import { createIPX, createIPXNodeServer, ipxFSStorage } from "ipx";
import { serve } from "./serve.ts";

// ipx as its README sets it up, on the folder that holds the picture. It renders the picture anew each time.

const { values } = parseArgs({ options: { "data-dir": { type: "string" } } });
serve(createIPXNodeServer(createIPX({ storage: ipxFSStorage({ dir: values["data-dir"] ?? "." }) })));
