import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

// This application has code in ../shared, and packages of this repository. One of yours needs none of this.
const root = fileURLToPath(new URL("../..", import.meta.url));

export default { turbopack: { root }, outputFileTracingRoot: root } satisfies NextConfig;
