import type { LeftOut } from "./left-out.ts";

/** What the run on two processes leaves out (`--workers 2`, in the soak). */
export const oneProcessOnly: LeftOut = {};
